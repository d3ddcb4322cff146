"""Several alerts as one message: grouped by vendor, each recognisable, within what mail and Slack take."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.notify.cast import NOON, RETENTION, SHARING, alert
from tests.notify.changes import ALERTS, DIGESTS
from tests.server import Answer, Site
from watcher.config import load
from watcher.lang import languages
from watcher.notify.digest import render_digest
from watcher.notify.render import MAX_HTML, slack_page
from watcher.notify.slack import MAX_BLOCKS, MAX_HEADER
from watcher.notify.story import key_of
from watcher.pipeline.build import sender

TWO = alert(RETENTION), replace(alert(SHARING), id=14)
OTHER = replace(alert(RETENTION), id=13, source="acorn", vendor="Acorn Toys")


def test_alerts_are_grouped_by_vendor_and_each_keeps_its_key() -> None:
    message = render_digest([*TWO, OTHER])
    assert message.subject == "3 alerts, 3 of them material: Acorn Toys, Harbour Lamps"
    lines = message.text.splitlines()
    assert [line for line in lines if line in ("Acorn Toys", "Harbour Lamps")] == ["Acorn Toys", "Harbour Lamps"]
    for one in (*TWO, OTHER):
        assert key_of(one) in message.text
        assert f"watcher why {one.id}" in message.text
        assert f"watcher why {one.id}" in message.html
        assert f"watcher why {one.id}" in json.dumps(message.slack)
    assert [entry["alert"] for entry in message.data["alerts"]] == [13, TWO[0].id, 14]


@pytest.mark.parametrize("language", languages())
def test_the_longest_digest_fits(language: str) -> None:
    told = [
        replace(one, id=100 + n * 20 + i, vendor=f"{one.vendor} {n} {i}")
        for n in range(3)
        for i, (one, _) in enumerate(ALERTS.values())
    ][:40]
    message = render_digest(told, language=language)
    assert len(message.html.encode()) < MAX_HTML
    assert len(message.slack["blocks"]) <= MAX_BLOCKS
    assert len(message.slack["blocks"][0]["text"]["text"]) <= MAX_HEADER
    shown = json.dumps(message.slack, ensure_ascii=False)
    assert all(f"{one.id}" in shown for one in told)


def test_words_of_a_page_stay_words() -> None:
    hostile = replace(OTHER, vendor="<script>alert(1)</script> <!channel>", created_at=NOON)
    message = render_digest([*TWO, hostile])
    assert "<script>" not in message.html
    assert "<!channel>" not in message.slack["text"]


def test_the_way_to_a_channel_takes_one_alert_or_several(tmp_path: Path, site: Site) -> None:
    site.route("/in", Answer("ok"))
    (tmp_path / "sources.toml").write_text(f'[[channel]]\nid = "desk"\nurl = "json://127.0.0.1:{site.port}/in"\n')
    config = load(tmp_path / "sources.toml")
    send = sender(config)
    assert send([OTHER], config.channel("desk")) == send([*TWO, OTHER], config.channel("desk")) == "HTTP 200"
    assert [json.loads(hit.body)["type"] for hit in site.asked("/in")] == ["change", "digest"]


def test_a_digest_says_how_many_of_its_alerts_are_material_and_shows_them_first() -> None:
    told, _ = DIGESTS["digest-busy"]
    message = render_digest(told)
    assert message.subject.startswith("7 alerts, 4 of them material: ")
    lines = message.text.splitlines()
    assert (
        lines.index("  12 material changes")
        < lines.index("  1 minor change")
        < lines.index("- The page is checked again")
    )
    assert "  and 8 more, not shown here" in lines


@pytest.mark.parametrize("name", DIGESTS)
def test_the_preview_draws_a_digest_too(name: str) -> None:
    told, language = DIGESTS[name]
    page = slack_page(render_digest(told, language=language))
    assert page.count("<li") == len(told)
    assert "<script>" not in page
