"""What this process met lately, so that what many pages share is made, digested and looked up once.

The pages of a round, and the versions of a page, have most of their clauses in common. Each table here is bounded,
holds nothing that the database or the reader could not give again, and goes with the process that reads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import replace
from typing import Generic, NamedTuple, TypeVar

from watcher.records import Clause, Document, Fact

CLAUSES = 4096  #: clauses that are remembered; a large policy has two thousand, most have two hundred
DOCUMENTS = 4  #: readings that are remembered whole; nearly all they hold are clauses that are remembered anyway

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """A table of at most `size` entries, from which what was not asked for in a long while falls out.

    It is two tables in truth, of which the older is dropped when the younger is full: cheaper than to keep an order.
    """

    def __init__(self, size: int) -> None:
        self._half = size // 2
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        """What is remembered under `key`."""
        value = self._young.get(key)
        if value is None and self._old:
            value = self._old.get(key)
            if value is not None:
                self[key] = value
        return value

    def among(self, keys: Collection[K]) -> dict[K, V]:
        """What is remembered of these keys."""
        young, old = self._young, self._old
        found = {key: value for key in keys if (value := young.get(key)) is not None}
        if len(found) < len(keys):
            for key in [key for key in keys if key in old and key not in found]:
                found[key] = self[key] = old[key]
        return found

    def __setitem__(self, key: K, value: V) -> None:
        if len(self._young) >= self._half:
            self._old, self._young = self._young, {}
        self._young[key] = value

    def clear(self) -> None:
        """Forget all."""
        self._young, self._old = {}, {}


class Met(NamedTuple):
    """A clause that was met."""

    clause: Clause  #: the one object for all clauses that are equal
    context: bytes  #: the identity of the clause with all that gives its words their sense, wherever it stands


class Clauses:
    """The clauses that were met lately, found by what they say or, at a third of the cost, by which object they are."""

    def __init__(self, size: int) -> None:
        self._met: Recent[Clause, Met] = Recent(size)
        self._places: Recent[int, Met] = Recent(size)  #: by id(): an object lives, and keeps its id, while it is here

    def __getitem__(self, clause: Clause) -> Met:
        found = self._places.get(id(clause))
        if found is None:
            found = self._met.get(clause)
            if found is None:
                found = self._met[clause] = Met(clause, _context(clause))
            self._places[id(found.clause)] = found
        return found


def _context(clause: Clause) -> bytes:
    return hashlib.sha256(repr(clause.sense).encode()).digest()[:16]


_met = Clauses(CLAUSES)


def met(clause: Clause) -> Clause:
    """The one object for all clauses that are equal: it is compared, hashed and kept once."""
    return _met[clause].clause


def context(clause: Clause) -> bytes:
    """The identity of a clause with all that gives its words their sense: where it stands in the page is left out."""
    return _met[clause].context


def shared(document: Document) -> Document:
    """A reading whose clauses are those that were met before, where it says the same."""
    return replace(document, clauses=tuple(map(met, document.clauses)))


class Memory:
    """What one open database gave lately."""

    def __init__(self) -> None:
        #: by the identity of a clause in its context: the id of its row
        self.contexts: Recent[bytes, int] = Recent(CLAUSES)
        #: by the id of such a row: the clause, as it last stood in a page
        self.clauses: Recent[int, Clause] = Recent(CLAUSES)
        #: readings by the id of their row and the place of their page
        self.documents: Recent[tuple[int, int], Document] = Recent(DOCUMENTS)
        self._facts: Recent[bytes, tuple[Fact, ...]] = Recent(CLAUSES)
        self._by = ""

    def facts(self, by: str) -> Recent[bytes, tuple[Fact, ...]]:
        """What the reader `by` read of clauses, by their contexts; what another reader did is forgotten."""
        if by != self._by:
            self._facts.clear()
            self._by = by
        return self._facts

    def forget_rows(self) -> None:
        """Forget what is true of this database only; what clauses state is true of any."""
        self.contexts.clear()
        self.clauses.clear()
        self.documents.clear()
