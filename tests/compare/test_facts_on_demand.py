"""Of clauses that stand in both versions only the facts that a comparison asks for are read, with the same changes."""

from __future__ import annotations

from collections.abc import Collection

from watcher.compare import compare
from watcher.extract import extract
from watcher.facts import clause_facts, facts_in, facts_of
from watcher.facts.document import KINDS, DocumentFacts
from watcher.facts.owner import own_facts
from watcher.records import Clause, Document, Fact, Kind, Reading

LINES = (
    "Acme Ltd. operates this shop and is the controller.",
    "We share your order with DHL and with Zendesk.",
    "We do not share your name with advertisers.",
    "We keep your invoices for 6 months.",
    "We keep your account data for 30 days.",
    "We collect your name, your address and your location.",
    "We use your reading list to suggest books.",
    "You may object to marketing at any time.",
    "We store your data on servers in Ireland.",
    "We use cookies and tracking pixels.",
    "Acme may send you letters.",
)


class AllFacts:
    """Every fact of a document, read beforehand."""

    def __init__(self, document: Document) -> None:
        self._all = [fact for clause in document.clauses for fact in clause_facts(clause)]
        self.own = own_facts(document, self._all)

    def of(self, kinds: Collection[Kind], keys: Collection[str] | None = None) -> list[Fact]:
        found = [fact for fact in self._all if fact.kind in kinds and fact not in self.own]
        return [fact for fact in found if keys is None or fact.key in keys]

    def stated_in(self, clauses: Collection[str]) -> list[Fact]:
        return [fact for fact in self._all if fact.clause in clauses]


def page(lines: Collection[str]) -> Document:
    return extract("\n\n".join(("# Privacy of Acme", *lines)).encode(), content_type="text/markdown")


def pages() -> list[Document]:
    """The text with each line left out, each line reworded, and as it is."""
    every = [[line for line in LINES if line != left_out] for left_out in ("", *LINES)]
    words = (
        ("DHL", "Stripe"),
        ("6 months", "24 months"),
        ("do not share", "share"),
        ("Ireland", "India"),
        ("your", "a"),
    )
    return [page(lines) for lines in (*every, *([line.replace(*pair) for line in LINES] for pair in words))]


def test_the_changes_are_those_of_facts_that_were_all_read_beforehand() -> None:
    documents = pages()
    for old in documents[:4] + documents[-5:]:
        for new in documents:
            asked = compare(*(Reading(document=d, facts=facts_in(d)) for d in (old, new)))
            assert asked == compare(*(Reading(document=d, facts=AllFacts(d)) for d in (old, new)))


def test_kinds_asked_for_one_after_the_other_are_those_asked_for_at_once() -> None:
    for document in pages():
        facts = facts_in(document)
        one_by_one = [fact for kind in sorted(KINDS) for fact in facts.of({kind})]
        assert sorted(map(repr, one_by_one)) == sorted(map(repr, facts_of(document)))


def test_a_time_that_changed_asks_of_the_other_clauses_only_for_times() -> None:
    asked: set[Kind] = set()

    def read(clause: Clause, kinds: frozenset[Kind]) -> tuple[Fact, ...]:
        if "invoices" not in clause.text:
            asked.update(kinds)
        return clause_facts(clause, None, kinds)

    old, new = page(LINES), page([line.replace("6 months", "24 months") for line in LINES])
    (change,) = compare(*(Reading(document=d, facts=DocumentFacts(d, read)) for d in (old, new)))
    assert (change.before, change.after) == ("6 months", "24 months")
    assert asked <= {"retention"}
