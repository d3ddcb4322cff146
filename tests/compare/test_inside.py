"""What an edit inside a sentence is told as: by what changed in it, not by the rest of the sentence."""

from __future__ import annotations

import pytest

from tests.judge.test_rules import judged
from watcher.records import Kind


def told(old: str, new: str) -> set[Kind]:
    return {r.change.kind for r in judged(old, new).reasons if r.material}


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("We record your reading speed, your screen size and your battery level to keep the reader fast.",
         "We record your reading speed, your screen size, your postal address and your battery level to keep the reader"
         " fast.", "collection"),
        ("We use your loans to remind you of returns, to plan our shelves, and to answer your letters.",
         "We use your loans to remind you of returns, to train our catalogue robots, to plan our shelves, and to answer"
         " your letters.", "purpose"),
        ("The check of your card is based on your consent (Art. 6 (1) (a) GDPR).",
         "The check of your card is based on our legitimate interests (Art. 6 (1) (f) GDPR).", "legal_basis"),
        ("You may ask us to correct, delete or export your loan data, or object to our letters.",
         "You may ask us to correct, delete or export your loan data.", "rights"),
        ("Letters abroad are covered by the adequacy decision for the country in question.",
         "Letters abroad are covered by standard contractual clauses for the country in question.", "transfer"),
        ("我们会收集您的姓名、手机号码、借阅记录，用于办理借书证。",
         "我们会收集您的姓名、手机号码、身份证号码、借阅记录，用于办理借书证。", "collection"),
    ],
)  # fmt: skip
def test_an_edit_is_told_by_what_it_names_and_where_it_stands(old: str, new: str, kind: Kind) -> None:
    assert told(old, new) == {kind}


def test_a_not_that_goes_is_about_what_it_denied() -> None:
    old = "We do not sell your personal data, and we do not share it with advertisers."
    assert "sale" in told(old, "We sell your personal data to partners, but we do not share it with advertisers.")


def test_a_promise_of_notice_that_is_turned_is_told() -> None:
    old = "We will notify you of any changes to this policy, and update its date."
    assert told(old, "We will not notify you of changes to this policy, but update its date.") == {"notice"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("You may choose this setting or that one, and some shelves may not open then.",
         "You may select this setting or that one, and some shelves may not open then."),
        ("We collect your name, your street and your card number.",
         "We collect your card number, your name and your street."),
        ("Our address is Quokka Street 4, 118 66 Oslo, Norway, and our telephone number is at the foot of the page.",
         "Our address is Wombatplatz 5, 118 27 Oslo, Norway, and our telephone number is at the foot of the page."),
        ("The desk is open Monday through Wednesday, from 8:30 AM to 4:00 PM.",
         "The desk is open Monday through Thursday, from 9:00 AM to 4:00 PM."),
    ],
)  # fmt: skip
def test_what_only_moves_bears_another_word_or_is_no_practice_is_not_told(old: str, new: str) -> None:
    assert told(old, new) == set()
