"""What a document states is read once for each text in its context, and stands at each of its places."""

from __future__ import annotations

from tests.pipeline.pages import policy
from watcher.extract import extract
from watcher.facts import clause_facts
from watcher.pipeline.pure import read_facts
from watcher.records import Teaching


def test_a_text_that_stands_twice_states_the_same_at_both_places() -> None:
    twice = policy().replace(b"</main>", b"<p>We share it with Contoso, Inc.</p>" * 2 + b"</main>")
    document = extract(twice, content_type="text/html")
    read = read_facts(document, Teaching(), [None] * len(document.clauses))
    assert [facts for _, facts in read] == [clause_facts(clause) for clause in document.clauses]
    anchors = [fact.anchor for _, facts in read for fact in facts if fact.key == "contoso"]
    assert len(set(anchors)) == len(anchors) >= 2
