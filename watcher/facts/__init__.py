"""From clauses to facts: who, what, how long, which right. Pure; one module per kind, FACT_KINDS is the one table.

How facts of two versions are compared, kind by kind (`key`, `norm` and `subject` of a Fact):

- `key` is what stays when a sentence is reworded: compare by (kind, key). It is lower case, singular, without
  determiners, company suffixes and aliases. `subject` is the text's own wording, for people. `norm` is the value in a
  form that two wordings share, "" where a fact has no value; a key may have several facts with different norms.
- sharing: key = recipient (`name_key` where `named`, else `noun_key`); no value. polarity False: not shared.
- retention: key = the data ("server log", "personal data" where unsaid); value = the time or criterion as written;
  norm = ISO 8601 with bound ("P6M max") for a stated period, the criterion's words otherwise (rule "criterion").
- collection: key = category of data; no value. purpose: key = content words of the purpose; no value.
- rights: key = the right ("access", "opt out", "withdraw consent"); or "deadline" with a duration as value and norm.
- transfer: key = place ("us") or mechanism ("standard contractual clauses"). sale: key = "sale" or "cross-context ads".
- children: key = "child age" | "minimum age" with the age as value; or "parental consent".
- tracking: key = technology or signal. security: key = measure. legal_basis: key = basis, `data` = what it is for.
- controller: key = "controller" | "representative" | "dpo", value = the name. contact: key = "email" | "phone" |
  "address", value = it. notice: key = way or time of notice. scope: key = what is covered. automated: key = practice.
- date: key = role of a stated date, norm = ISO date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from watcher.facts import (
    automated,
    children,
    collection,
    contact,
    controller,
    cues,
    legal_basis,
    notice,
    purpose,
    retention,
    rights,
    sale,
    scope,
    security,
    sharing,
    tracking,
    transfer,
)
from watcher.facts.cues import UNIT
from watcher.facts.document import KINDS as KINDS
from watcher.facts.document import DocumentFacts as DocumentFacts
from watcher.facts.passage import Passage, passages
from watcher.lang.index import AT, DIGITS
from watcher.records import Clause, Document, Fact, Kind, Teaching

#: Stored with cached facts; raise it when the same clause may give other facts.
FACTS = "6"


class Reader(NamedTuple):
    """How a kind of fact is read."""

    facts: Callable[[Passage], Iterator[Fact]]
    needs: tuple[str, ...]  #: lists of cues, and headings: a sentence that can hold none of them states no such fact
    also: tuple[str, ...] = ()  #: the same once more


#: Every kind of fact and the function that reads it from a passage; a new kind is a module and a row here. Sharing
#: stands apart: it alone is told what operators taught.
FACT_KINDS: dict[Kind, Reader] = {
    "retention": Reader(retention.facts, ("retention.criteria", UNIT), ("retention.verbs", UNIT)),
    "collection": Reader(collection.facts, ("collection.heads",), ("collection.cues", "collection.heading")),
    "purpose": Reader(
        purpose.facts,
        ("purpose.concepts", "purpose.verbs"),
        ("purpose.concepts", "purpose.frames", "purpose.heading"),
    ),
    "automated": Reader(automated.facts, ("automated.concepts",)),
    "rights": Reader(rights.facts, ("rights.concepts", UNIT), ("rights.grants", "rights.heading", "rights.deadline")),
    "transfer": Reader(
        transfer.facts,
        ("transfer.abroad", "transfer.mechanisms", "transfer.places"),
        ("transfer.mechanisms", "transfer.cues", "transfer.heading"),
    ),
    "sale": Reader(sale.facts, ("sale.concepts",), ("sale.data",)),
    "children": Reader(children.facts, ("children.ages", "children.consent"), ("children.context", "children.heading")),
    "tracking": Reader(tracking.facts, ("tracking.concepts",)),
    "security": Reader(security.facts, ("security.concepts",)),
    "legal_basis": Reader(legal_basis.facts, ("legal_basis.concepts",), ("legal_basis.cues", "legal_basis.heading")),
    "controller": Reader(controller.facts, tuple(f"controller.{group}" for group in controller.GROUPS)),
    "contact": Reader(contact.facts, (AT, DIGITS)),
    "notice": Reader(notice.facts, ("notice.concepts", UNIT), ("notice.cues", "notice.heading")),
    "scope": Reader(scope.facts, ("scope.frames",)),
}


def facts_of(document: Document, teaching: Teaching | None = None) -> tuple[Fact, ...]:
    """Every fact stated in `document`, in reading order."""
    return tuple(facts_in(document, teaching).of(KINDS))


def facts_in(document: Document, teaching: Teaching | None = None) -> DocumentFacts:
    """The facts stated in `document`, which are read as far as they are asked for."""
    return DocumentFacts(document, lambda clause, kinds: clause_facts(clause, teaching, kinds))


_UNTAUGHT = Teaching()


def clause_facts(clause: Clause, teaching: Teaching | None = None, kinds: frozenset[Kind] = KINDS) -> tuple[Fact, ...]:
    """The facts of one clause, as to these kinds, read with its lead-in, its columns and the headings above it."""
    return _remembered(clause, teaching or _UNTAUGHT, kinds)


def read_clause(clause: Clause, teaching: Teaching, kinds: frozenset[Kind] = KINDS) -> tuple[Fact, ...]:
    """The same, for those who themselves remember what each clause states."""
    taught = _taught(teaching)
    found: list[Fact] = []
    for passage in passages(clause):
        if "sharing" in kinds:
            found.extend(sharing.facts(passage, taught))
        told: list[Fact] = []
        sight = passage.told
        for read, needs, also in _readers(passage.language, kinds):
            if sight & needs and sight & also:
                told.extend(read(passage))
        if told:
            found.extend(fact for fact in _told_once(passage, told) if fact.kind in kinds)
    return tuple(found)


_remembered = lru_cache(maxsize=2_500)(read_clause)


@cache
def _readers(language: str, kinds: frozenset[Kind]) -> tuple[tuple[Callable[[Passage], Iterator[Fact]], int, int], ...]:
    """What reads each kind, and the sets of cues, as those of `Index`, of each of which it needs one."""
    bits = cues.index(language).bits
    asked = kinds | {"retention"} if "collection" in kinds else kinds  # see `_told_once`
    rows = (reader for kind, reader in FACT_KINDS.items() if kind in asked)
    return tuple((read, bits(needs), bits(also or needs)) for read, needs, also in rows)


def _told_once(passage: Passage, facts: list[Fact]) -> list[Fact]:
    """`facts` without the collection of data of which the sentence says no more than how long it is kept."""
    kept = {fact.key for fact in facts if fact.kind == "retention" and fact.rule == "stated period"}
    if not kept or retention.says_more(passage):
        return facts
    return [fact for fact in facts if fact.kind != "collection" or fact.key not in kept]


@lru_cache(maxsize=16)
def _taught(teaching: Teaching) -> Mapping[str, str]:
    """Aliases that operators taught, in lower case, with the key that they stand for."""
    return {alias.casefold(): name.casefold() for name, aliases in teaching.recipients for alias in (name, *aliases)}
