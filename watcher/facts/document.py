"""The facts of a document, read as far as they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import cached_property
from typing import get_args

from watcher.facts.owner import own_facts
from watcher.records import Clause, Document, Fact, Kind

#: What a clause states, as to these kinds at least.
ReadClause = Callable[[Clause, frozenset[Kind]], Iterable[Fact]]

KINDS: frozenset[Kind] = frozenset(get_args(Kind))
#: A recipient may be whoever writes the document; who that is shows from these.
OWNING: frozenset[Kind] = frozenset({"sharing", "controller"})


class DocumentFacts:
    """The facts of a document, kind by kind.

    What two versions share cancels out when they are compared. So of the clauses that stand in both, only those kinds
    are read that changed elsewhere: to see whether the rest of the document says so, too.
    """

    def __init__(self, document: Document, read: ReadClause) -> None:
        self._document, self._read = document, read
        self._stated: dict[int, tuple[Fact, ...]] = {}  #: all that a clause states, by its place
        self._found: list[Fact] = []
        self._kinds: frozenset[Kind] = frozenset()  #: those that were read

    def of(self, kinds: Collection[Kind], keys: Collection[str] | None = None) -> list[Fact]:
        """Every fact of these kinds, without `own`; in reading order, if they are the first that are asked for.

        `keys`: only those with one of these.
        """
        found = self._all(frozenset(kinds))
        if keys is not None:
            found = [fact for fact in found if fact.key in keys]
        if not any(fact.named and fact.kind == "sharing" for fact in found) or not self.own:
            return found
        owners = {fact.clause for fact in self.own}  # to look for a text is quicker than to look for a fact
        return [fact for fact in found if fact.clause not in owners or fact not in self.own]

    def stated_in(self, clauses: Collection[str]) -> list[Fact]:
        """All that the clauses with these hashes state, `own` facts and all, in reading order."""
        held = [i for i, clause in enumerate(self._document.clauses) if clause.hash in clauses]
        for i in held:
            if i not in self._stated:
                self._stated[i] = tuple(self._read(self._document.clauses[i], KINDS))
        return [fact for i in held for fact in self._stated[i]]

    @cached_property
    def own(self) -> frozenset[Fact]:
        """Those that are no recipients of their own, see `own_facts`."""
        return own_facts(self._document, self._all(OWNING))

    def _all(self, kinds: frozenset[Kind]) -> list[Fact]:
        missing = kinds - self._kinds
        if missing:
            if "sharing" in missing:
                missing |= OWNING - self._kinds
            self._kinds |= missing
            self._found += [
                fact
                for i, clause in enumerate(self._document.clauses)
                for fact in (self._stated[i] if i in self._stated else self._read(clause, missing))
                if fact.kind in missing
            ]
        return [fact for fact in self._found if fact.kind in kinds] if kinds != self._kinds else list(self._found)
