"""What a message says, and what can never get into one."""

from __future__ import annotations

import json
import logging
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.notify import snapshots
from tests.notify.cast import NOON, RETENTION, SHARING, alert, dated, reason, version
from tests.notify.changes import ALERTS
from watcher.lang import languages
from watcher.notify.render import MAX_HTML, Message, render, slack_page
from watcher.notify.slack import MAX_BLOCKS, MAX_HEADER, MAX_PAYLOAD, MAX_SECTION
from watcher.notify.story import headline_of, web_address
from watcher.records import Kind, Reason


def test_messages_are_as_they_were_when_a_person_last_read_them() -> None:
    kept = {file.name: file.read_text(encoding="utf8") for file in snapshots.FOLDER.iterdir()}
    now = dict(snapshots.rendered())
    assert sorted(kept) == sorted(now), "python -m tests.notify.snapshots"
    different = [name for name in now if now[name] != kept[name]]
    assert not different, f"{different}: read them, then python -m tests.notify.snapshots"


def test_the_subject_says_the_vendor_and_the_most_important_change() -> None:
    assert render(alert(SHARING, RETENTION)).subject == "Harbour Lamps: New recipient: Brightline Ads (+1 more)"


@pytest.mark.parametrize("name", [name for name, (told, _) in ALERTS.items() if told.verdict])
def test_a_message_and_the_command_line_call_a_change_by_one_name(name: str) -> None:
    told, language = ALERTS[name]
    assert told.verdict is not None
    assert headline_of(told.verdict, language) == render(told, language=language).data["headline"]


def test_values_are_shown_before_and_after_with_the_whole_value_marked() -> None:
    text = render(alert(RETENTION)).text
    assert "Retention of account data 6 months → 24 months" in text
    assert "for [6 months] after" in text
    assert "for [24 months] after" in text


def test_recipients_named_in_one_sentence_make_one_passage_and_one_quote() -> None:
    text = render(ALERTS["sharing"][0]).text
    assert "1. New recipients: Brightline Ads, Plover Analytics" in text
    assert text.count("for their own advertising") == 1


def test_each_date_has_its_own_line() -> None:
    text = render(ALERTS["retention"][0]).text
    assert "1 material change · Takes effect: 1 January 2027, in 40 days" in text
    assert "Policy's own date: 1 March 2025, not changed" in text
    assert "First seen by us: 2026-11-22 12:00 UTC" in text
    assert "Confirmed: 2026-11-22 12:06 UTC, by a second fetch" in text


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ((2026, 11, 22), "Takes effect: 22 November 2026, today"),
        ((2026, 11, 23), "Takes effect: 23 November 2026, tomorrow"),
        ((2026, 11, 21), "In force since: 21 November 2026, yesterday"),
        ((2026, 11, 1), "In force since: 1 November 2026, 21 days ago"),
    ],
)
def test_the_day_a_change_takes_effect_is_counted_from_the_alert(day: tuple[int, ...], words: str) -> None:
    text = render(alert(RETENTION, after=version(2, dated("effective", *day)))).text
    assert words in text


def test_an_unconfirmed_change_says_so_and_a_date_that_went_is_told() -> None:
    from dataclasses import replace

    after = replace(version(2), confirmed_at=None)
    before = version(1, dated("updated", 2025, 3, 1), seen=NOON)
    text = render(alert(RETENTION, before=before, after=after)).text
    assert "Confirmed: not yet; seen once" in text
    assert "Policy's own date: no longer stated (was 1 March 2025)" in text


def test_what_was_not_material_is_counted_and_not_spelled_out() -> None:
    text = render(ALERTS["sharing"][0]).text
    assert "Not material, kept in the history: 2 minor (Contact, Date), 1 cosmetic (Wording)" in text
    assert "help@a.example" not in text


def test_changes_beyond_the_tenth_passage_are_counted() -> None:
    message = render(ALERTS["many"][0])
    assert "… and 2 more, not shown here" in message.text
    assert len(message.data["changes"]) == 12


def test_a_long_change_is_shortened_with_a_count_and_never_inside_a_word() -> None:
    before = next(line for line in render(ALERTS["long"][0]).text.splitlines() if line.startswith("   Before:"))
    assert before.startswith("   Before: […72 words…] the law obliges us to")
    assert "[we do not combine it]" in before


@pytest.mark.parametrize("language", languages())
def test_every_kind_of_change_can_be_told_in_every_language(language: str) -> None:
    for kind in Kind.__args__:
        for action in ("added", "removed", "changed"):
            for words in (True, False):
                one = reason(
                    kind=kind, action=action, words=words, before="a", after="b", quote_new="c d", quote_old="e"
                )
                assert render(alert(one), language=language).subject


def test_an_alert_without_anything_to_quote_is_still_a_message() -> None:
    bare = reason(subject="", sentence="")
    assert render(alert(bare)).subject == "Harbour Lamps: Reworded: how long data is kept"
    assert render(alert(verdict=None, before=None, after=None, headline="Something changed")).text


# --- what a page may not do -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile() -> Message:
    return render(ALERTS["hostile"][0])


def test_no_control_sign_or_turned_writing_is_left(hostile: Message) -> None:
    shown = hostile.text + hostile.subject + json.dumps(hostile.slack, ensure_ascii=False) + hostile.html
    assert {c for c in shown if unicodedata.category(c) in {"Cc", "Cf"}} <= {"\n", "\u2060"}
    assert "\n" not in hostile.subject


def test_no_tag_of_a_page_is_a_tag_in_the_mail(hostile: Message) -> None:
    tags: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: tags.append(tag)  # type: ignore[method-assign]
    parser.feed(hostile.html)
    assert "script" not in tags
    assert "b" not in tags


def test_only_web_addresses_become_links(hostile: Message) -> None:
    assert "javascript:" not in hostile.html + hostile.text + json.dumps(hostile.slack)
    assert web_address("https://a.example/x?y=1&z=2")
    for address in (
        "javascript:alert(1)",
        "https://a.example/ x",
        "https://a|b",
        "file:///etc",
        "https://a>b",
        "//a",
        "http://[",
    ):
        assert web_address(address) == ""


def test_no_word_of_a_page_is_parsed_by_slack(hostile: Message) -> None:
    parsed = [hostile.slack["text"]]
    for block in hostile.slack["blocks"]:
        parsed += [e["text"] for e in block.get("elements", []) if e.get("type") == "mrkdwn"]
        assert block["type"] != "section"
    assert not [
        text for text in parsed if "<!" in text or "<@" in text or "evil.example|" in text.replace("&lt;", "")[:0]
    ]
    assert "&lt;!channel&gt;" in hostile.slack["text"]
    assert hostile.slack["mrkdwn"] is False


# --- limits -----------------------------------------------------------------------------------------------------------


def huge() -> Message:
    quote = "Every word of this endless sentence is new and none of them was there before. " * 60
    return render(
        alert(*(reason(kind="sharing", subject=f"Company {n} " * 30, quote_old=f"{n} {quote}", quote_new=f"{quote} {n}",
                       sentence=quote, section="a > " + quote) for n in range(60)))
    )  # fmt: skip


def test_the_largest_alert_fits_slack_and_mail() -> None:
    message = huge()
    assert len(message.html.encode()) <= MAX_HTML
    assert len(message.slack["blocks"]) <= MAX_BLOCKS
    assert len(json.dumps(message.slack["blocks"], ensure_ascii=False)) <= MAX_PAYLOAD
    assert len(message.slack["blocks"][0]["text"]["text"]) <= MAX_HEADER
    assert message.slack["blocks"][-1]["type"] == "context"


# --- templates of the operator ----------------------------------------------------------------------------------------


def test_an_operators_template_replaces_ours(tmp_path: Path) -> None:
    (tmp_path / "text.txt.j2").write_text("{{ story.vendor }} did it again\n")
    message = render(alert(RETENTION), templates=tmp_path)
    assert message.text == "Harbour Lamps did it again"
    assert "<html" in message.html


@pytest.mark.parametrize(
    "broken",
    ["{{ story.nothing }}", "{% for %}", "not json", '["a list"]', '{"text": "x", "blocks": [1]}', "{{ 1/0 }}"],
)
def test_a_broken_template_costs_the_looks_not_the_alert(
    tmp_path: Path, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "slack.json.j2").write_text(broken)
    with caplog.at_level(logging.WARNING):
        message = render(alert(RETENTION), templates=tmp_path)
    assert message.slack == render(alert(RETENTION)).slack
    assert "slack.json.j2" in caplog.text


def test_sections_of_an_operators_template_are_cut_to_slacks_limit(tmp_path: Path) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "word " * 1000}}
    (tmp_path / "slack.json.j2").write_text(json.dumps({"text": "x", "blocks": [section] * 60}))
    blocks = render(alert(RETENTION), templates=tmp_path).slack["blocks"]
    assert len(blocks) <= MAX_BLOCKS
    assert all(len(b["text"]["text"]) <= MAX_SECTION and b["text"]["text"].endswith("word…") for b in blocks)


def test_the_slack_preview_shows_the_payload_and_nothing_live(hostile: Message) -> None:
    page = slack_page(hostile)
    assert "<script>" not in page
    assert 'href="https://harbour-lamps.example/privacy"' in slack_page(render(alert(RETENTION)))


def test_the_same_value_changed_in_two_places_is_told_once() -> None:
    from dataclasses import replace

    again = replace(
        RETENTION, change=replace(RETENTION.change, quote_old="Kept 6 months.", quote_new="Kept 24 months.")
    )
    text = render(alert(RETENTION, again)).text
    assert "1. Retention of account data 6 months → 24 months, in 2 places" in text
    assert "2. " not in text


def test_new_words_on_two_matters_in_one_sentence_are_told_in_one_line() -> None:
    words = {"words": True, "action": "added", "quote_new": "Cookies help us to advertise."}
    text = render(alert(reason(kind="tracking", **words), reason(kind="purpose", **words))).text
    assert "1. New text on tracking, what data is used for\n" in text


LAMP = (
    "When you pair a lamp with the app, we receive its serial number, its firmware version, the name that you gave it, "
    "the room that it stands in, the hours at which it shines, the network that it uses, and the signal that it gets, "
    "so that we can tell you when it needs an update"
)


def collected(subject: str, low: int, high: int) -> Reason:
    """A new thing that is collected, quoted in the part of a long sentence that names it."""
    return reason(
        kind="collection", action="added", subject=subject, quote_new=LAMP[low:high].strip(), section="2 Lamps"
    )


def test_a_long_sentence_that_is_quoted_in_parts_is_shown_once() -> None:
    text = render(
        alert(collected("serial number", 0, 150), collected("room", 60, 220), collected("network", 140, 300))
    ).text
    assert "1. Now collected: serial number, room, network" in text
    assert "2. " not in text
    assert text.count("its firmware version") == text.count("the hours at which it shines") == 1
    assert "its [serial number], its firmware" in text


def test_a_quote_that_is_cut_out_of_a_sentence_says_so() -> None:
    text = render(alert(collected("room", LAMP.index("we receive"), LAMP.index("so that")))).text
    assert "New text: … we receive its serial number" in text
    assert "the signal that it gets, …" in text or "the signal that it gets …" in text


def test_the_same_few_words_put_in_at_several_places_are_one_change() -> None:
    quotes = [(f"People in Ohio{more} may write to us about point {n}.") for n in (1, 2, 3) for more in ("", ", Utah")]
    pairs = zip(quotes[::2], quotes[1::2], strict=True)
    told = alert(
        *(
            reason("minor", "neutral", kind="rights", action="added", subject="Utah", after=", Utah", words=True,
                   quote_old=old, quote_new=new)
            for old, new in pairs
        )
    )  # fmt: skip
    message = render(told)
    assert message.data["headline"] == "New text on people's rights: “Utah”, in 3 places"
    assert message.text.count("[, Utah]") == 1


def test_the_items_of_a_new_list_are_one_passage() -> None:
    items = ("Card data;", "Session data;", "Delivery data.")
    message = render(
        alert(
            *(
                reason(kind="purpose", action="added", subject=item, words=True, quote_new=item, section="4 Fraud")
                for item in items
            )
        )
    )
    assert "1. New text on what data is used for, in 3 places" in message.text
    assert "New text: Card data; … Session data; … Delivery data.\n" in message.text
    assert "2. " not in message.text
    assert [change["quote_new"] for change in message.data["changes"]] == list(items)


def test_a_new_date_is_not_what_a_minor_message_is_called_after() -> None:
    words = {"quote_old": "Updated in May.", "quote_new": "Updated in June.", "before": "May", "after": "June"}
    date = reason("minor", "neutral", kind="date", subject="June", words=True, **words)
    contact = reason("minor", "neutral", kind="contact", subject="E-mail", before="a@b.example", after="c@b.example")
    assert render(alert(date, contact)).subject.startswith("Harbour Lamps: Contact: “a@b.example” → “c@b.example” (+1")


def test_a_subject_that_is_also_the_value_is_said_once() -> None:
    named = reason(
        kind="controller", subject="Lamps Ltd", before="Harbour Inc", after="Lamps Ltd", sentence="New name."
    )
    assert render(alert(named)).data["headline"] == "Who is responsible: Harbour Inc → Lamps Ltd"


def test_what_a_long_message_leaves_out_is_counted_by_kind() -> None:
    assert "… and 2 more, not shown here: Who receives data 2" in render(ALERTS["many"][0]).text


def test_sentences_of_a_section_that_came_together_are_one_passage() -> None:
    quotes = (
        "Other readers can see your shelves.",
        "Other members may see your reviews, your stars and your lists too.",
    )
    told = [reason(words=True, kind="sharing", action="added", quote_new=quote) for quote in quotes]
    text = render(alert(*told)).text
    assert "New text on who receives data, in 2 places" in text
    assert f"New text: {quotes[0]} … {quotes[1]}" in text


def test_what_is_said_not_to_be_done_is_one_line_as_well() -> None:
    quote = "We collect neither voiceprints nor fingerprints."
    said = {"kind": "collection", "action": "added", "quote_new": quote, "denied": True}
    told = [
        reason(sentence=f"Now says that it does not collect {name}", subject=name, **said)
        for name in ("voiceprints", "fingerprints")
    ]
    assert "1. Now says that it does not collect voiceprints, fingerprints" in render(alert(*told)).text
