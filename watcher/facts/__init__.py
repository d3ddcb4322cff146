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
from watcher.facts.owner import own_facts as own_facts
from watcher.facts.passage import Passage, passages
from watcher.records import Clause, Document, Fact, Kind, Teaching

#: Stored with cached facts; raise it when the same clause may give other facts.
FACTS = "4"


class Reader(NamedTuple):
    """How a kind of fact is read."""

    facts: Callable[[Passage], Iterator[Fact]]
    needs: tuple[str, ...]  #: lists of cues: a sentence that can hold none of them states no such fact; (): ask always


#: Every kind of fact and the function that reads it from a passage; a new kind is a module and a row here. Sharing
#: stands apart: it alone is told what operators taught.
FACT_KINDS: dict[Kind, Reader] = {
    "retention": Reader(retention.facts, ("retention.criteria", UNIT)),
    "collection": Reader(collection.facts, ("collection.heads",)),
    "purpose": Reader(purpose.facts, ("purpose.concepts", "purpose.verbs")),
    "automated": Reader(automated.facts, ("automated.concepts",)),
    "rights": Reader(rights.facts, ("rights.concepts", UNIT)),
    "transfer": Reader(transfer.facts, ("transfer.abroad", "transfer.mechanisms", "transfer.places")),
    "sale": Reader(sale.facts, ("sale.concepts",)),
    "children": Reader(children.facts, ("children.ages", "children.consent")),
    "tracking": Reader(tracking.facts, ("tracking.concepts",)),
    "security": Reader(security.facts, ("security.concepts",)),
    "legal_basis": Reader(legal_basis.facts, ("legal_basis.concepts",)),
    "controller": Reader(
        controller.facts,
        ("controller.self", "controller.after", "controller.controller", "controller.representative", "controller.dpo"),
    ),
    "contact": Reader(contact.facts, ()),
    "notice": Reader(notice.facts, ("notice.concepts", UNIT)),
    "scope": Reader(scope.facts, ("scope.frames",)),
}


def facts_of(document: Document, teaching: Teaching | None = None) -> tuple[Fact, ...]:
    """Every fact stated in `document`, in reading order."""
    found = [fact for clause in document.clauses for fact in clause_facts(clause, teaching)]
    own = own_facts(document, found)
    return tuple(fact for fact in found if fact not in own) if own else tuple(found)


_UNTAUGHT = Teaching()


def clause_facts(clause: Clause, teaching: Teaching | None = None) -> tuple[Fact, ...]:
    """The facts of one clause, read with its lead-in, its columns and the headings above it."""
    return _clause_facts(clause, teaching or _UNTAUGHT)


@lru_cache(maxsize=2_500)
def _clause_facts(clause: Clause, teaching: Teaching) -> tuple[Fact, ...]:
    taught = _taught(teaching)
    found: list[Fact] = []
    for passage in passages(clause):
        found.extend(sharing.facts(passage, taught))
        told: list[Fact] = []
        for needs, read in _readers(passage.language):
            if not needs or needs & passage.told:
                told.extend(read(passage))
        if told:
            found.extend(_told_once(passage, told))
    return tuple(found)


@cache
def _readers(language: str) -> tuple[tuple[int, Callable[[Passage], Iterator[Fact]]], ...]:
    """For each kind, the cues of which one must be there, as a set of `Index`, and what reads it."""
    index = cues.index(language)
    return tuple((index.bits(reader.needs), reader.facts) for reader in FACT_KINDS.values())


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
