"""What goes in comes out: captures, documents, facts, verdicts; stored once, compressed, whole."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from watcher.errors import StoreError
from watcher.records import (
    Capture,
    Change,
    Clause,
    Document,
    Fact,
    Link,
    Reason,
    Redirect,
    Source,
    StatedDate,
    Verdict,
    VersionPage,
)
from watcher.store import Store, alerts, captures, sources, versions

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
SOURCE = Source(id="northwind", vendor="Northwind", urls=("http://vendor.test/privacy",))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "watcher.db") as store:
        sources.sync(store, {SOURCE.id: NOW}, [SOURCE], NOW)
        yield store


def capture(body: bytes) -> Capture:
    return Capture(
        url="http://vendor.test/privacy",
        final_url="https://vendor.test/en/privacy",
        redirects=(Redirect(url="http://vendor.test/privacy", status=301),),
        headers=(("content-type", "text/html"), ("set-cookie", "a=1"), ("set-cookie", "b=2")),
        fetched_at=NOW,
        elapsed=0.25,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
    )


def document(*texts: str) -> Document:
    clauses = tuple(
        Clause(
            text=text,
            anchor=f"c{i}",
            path=("1. Data", "b) Cookies"),
            shape="row",
            number="(b)",
            lead="We use:",
            columns=("Name", "Purpose"),
            cells=tuple(text.split(" | ")),
            language="zh" if i else "en",
            hash=hashlib.sha256(text.encode()).hexdigest()[:32],
        )
        for i, text in enumerate(texts)
    )
    return Document(
        title="Privacy",
        language="en",
        clauses=clauses,
        dates=(StatedDate(role="updated", value=date(2026, 2, 1), quote="Updated 1 February"),),
        furniture="Menu",
        links=(Link(text="Cookies", url="/cookies"),),
        shell=True,
        signs=("login form",),
    )


def version(store: Store, *texts: str) -> int:
    read, proof = document(*texts), capture(" ".join(texts).encode())
    page = VersionPage(
        page=0,
        url=proof.url,
        document=versions.keep_document(store, read, "w"),
        capture=captures.add(store, SOURCE.id, 0, proof, "accepted"),
    )
    return versions.add(
        store, SOURCE.id, [page], cause="first", extractor="1", wording="w", first_seen=NOW, confirmed_at=None, now=NOW
    )


FACT = Fact(
    kind="sharing", key="meta", subject="Facebook", polarity=False, role="advertiser", named=True, quote="Facebook",
    start=3, end=11, clause="h", anchor="c0", rule="r1",
)  # fmt: skip


def test_a_capture_comes_back_byte_for_byte_with_all_that_proves_it(store: Store) -> None:
    kept = capture(b"<p>We collect your name.</p>")
    assert captures.load(store, captures.add(store, SOURCE.id, 0, kept, "accepted")) == kept


def test_bodies_that_resemble_the_one_before_cost_little_and_stay_readable(store: Store) -> None:
    noise = random.Random(1)
    text = bytearray(noise.randbytes(60_000))
    kept = []
    for i in range(40):
        text[i * 100] ^= 1
        kept.append(capture(bytes(text)))
        captures.add(store, SOURCE.id, 0, kept[-1], "accepted")
    stored = [row["size"] for row in store.rows("SELECT length(zstd) AS size FROM bodies ORDER BY depth")]
    assert sum(stored) < 4 * 60_000
    assert store.rows("SELECT max(depth) FROM bodies")[0][0] == captures.MAX_DEPTH
    ids = [row["id"] for row in store.rows("SELECT id FROM captures ORDER BY id")]
    assert [captures.load(store, id) for id in ids] == kept


def test_an_empty_body_is_a_body(store: Store) -> None:
    for body in (b"", b"x", b""):
        id = captures.add(store, SOURCE.id, 0, capture(body), "rejected")
        assert captures.load(store, id).body == body


def test_bytes_that_were_tampered_with_are_not_given_out(store: Store) -> None:
    id = captures.add(store, SOURCE.id, 0, capture(b"We do not sell data."), "accepted")
    other = captures._compress(b"We do! not sell data", b"")
    store.write("UPDATE bodies SET zstd = ?", (other,))
    with pytest.raises(StoreError, match="not what was stored"):
        captures.load(store, id)


def test_a_document_comes_back_whole_and_is_stored_once(store: Store) -> None:
    read = document("_ga | counting visits", "会话 | 登录")
    first = versions.keep_document(store, read, "w")
    assert versions.document(store, first) == read
    assert versions.keep_document(store, replace(read, furniture="Another menu"), "w") == first
    other = document("_ga | counting visits", "会话 | 登录", "fr | advertising")
    assert versions.keep_document(store, other, "w2") != first
    assert len(store.rows("SELECT 1 FROM clauses")) == 3


def test_facts_and_verdicts_come_back_whole(store: Store) -> None:
    old, new = version(store, "a"), version(store, "b")
    clauses = versions.documents(store, new)[0].clauses
    assert versions.known_facts(store, clauses, "1") == [None]
    fact = replace(FACT, clause=clauses[0].hash)
    meta, self = replace(fact, subject="Meta"), replace(fact, subject="Northwind")
    versions.keep_facts(store, new, [(clauses[0], (fact, self, meta))], {self}, "1")
    assert versions.facts(store, new) == (fact, meta)
    assert versions.known_facts(store, clauses, "1") == [(fact, self, meta)]
    with Store(store.path) as other:
        assert versions.known_facts(other, clauses, "1") == [(fact, self, meta)]
    moved = replace(clauses[0], anchor="c9")
    [known] = versions.known_facts(store, (moved,), "1")
    assert known is not None
    assert {f.anchor for f in known} == {"c9"}
    assert versions.known_facts(store, clauses, "2") == [None]
    change = Change(kind="sharing", action="added", subject="Facebook", named=True, new=FACT, signals=("recipient",))
    reason = Reason(rule="new-recipient", severity="major", direction="expands", sentence="Said.", change=change)
    verdict = Verdict(level="material", headline="Said.", reasons=(reason,), notes=("No date.",), judge="1")
    id = versions.keep_verdict(store, SOURCE.id, old, new, verdict, NOW)
    assert versions.verdict(store, id) == (verdict, old, new, NOW)
    told = alerts.add(store, "change", SOURCE.id, url="u", headline="Said.", channels=["a", "b"], now=NOW, verdict=id)
    alert = alerts.alert(store, told)
    assert (alert.verdict, alert.vendor) == (verdict, "Northwind")
    assert (alert.before, alert.after) == (versions.info(store, old), versions.info(store, new))


def test_the_views_answer_the_common_questions(store: Store) -> None:
    new = version(store, "a")
    store.write("UPDATE sources SET version_id = ?", (new,))
    [clause] = versions.documents(store, new)[0].clauses
    stated = (FACT, replace(FACT, polarity=True, subject="Baidu"))
    versions.keep_facts(store, new, [(clause, stated)], set(), "1")
    assert [r["recipient"] for r in store.rows("SELECT * FROM recipients")] == ["Baidu"]
    assert [r["version_id"] for r in store.rows("SELECT * FROM latest_versions")] == [new]
    sources.add_problem(store, SOURCE.id, "failing", "No answer.", NOW, NOW)
    assert [r["vendor"] for r in store.rows("SELECT * FROM open_problems")] == ["Northwind"]


def test_the_clock_of_a_source_survives_a_change_of_configuration(store: Store) -> None:
    hour = timedelta(hours=1)
    assert sources.due(store, NOW, 10) == [SOURCE.id]
    assert sources.claim(store, [SOURCE.id], NOW, lambda *_: hour) == {SOURCE.id: 1}
    assert sources.due(store, NOW, 10) == []
    other = Source(id="contoso", vendor="Contoso", urls=("http://contoso.test/",))
    sources.sync(store, {SOURCE.id: NOW + 6 * hour, other.id: NOW + hour}, [SOURCE, other], NOW)
    assert sources.due(store, NOW, 10) == [other.id]
    state = sources.state(store, SOURCE.id)
    assert state is not None
    assert (state.next_check_at, state.claims) == (NOW + hour, 1)
    sources.sync(store, {SOURCE.id: NOW + hour / 2}, [SOURCE], NOW)
    assert sources.due(store, NOW + hour / 2, 10) == [SOURCE.id]
    assert [s.enabled for s in sources.states(store)] == [False, True]
