"""From two readings to changes."""

from __future__ import annotations

import pytest

from watcher.compare import compare
from watcher.extract import extract
from watcher.facts import facts_in
from watcher.records import Change, Reading, Teaching


def read(text: str) -> Reading:
    document = extract(text.encode(), content_type="text/markdown")
    return Reading(document=document, facts=facts_in(document))


def changes(old: str, new: str) -> tuple[Change, ...]:
    return compare(read(old), read(new))


HEAD = "# Privacy policy of Tidewater Tools\n\nThis policy explains how Tidewater Tools handles personal data.\n\n"
SHARING = (
    "## Who receives your data\n\nWe share your name and address with {} so that they can deliver your parcel.\n\n"
)
KEEPING = "## How long we keep data\n\nWe keep your invoices for {} after your last order.\n\n"


def test_a_document_against_itself_gives_nothing() -> None:
    text = HEAD + SHARING.format("DHL") + KEEPING.format("6 months")
    assert changes(text, text) == ()


def test_a_period_that_changed_is_told_with_both_values() -> None:
    (change,) = changes(HEAD + KEEPING.format("6 months"), HEAD + KEEPING.format("24 months"))
    assert (change.kind, change.action) == ("retention", "changed")
    assert ("6 months" in change.before, "24 months" in change.after) == (True, True)
    assert "6 months" in change.quote_old
    assert "24 months" in change.quote_new


def test_a_new_recipient_is_told_by_name() -> None:
    found = changes(HEAD + SHARING.format("DHL"), HEAD + SHARING.format("DHL and Criteo"))
    assert [(c.kind, c.action, c.subject, c.named) for c in found] == [("sharing", "added", "Criteo", True)]


def test_a_recipient_that_moved_to_another_section_is_neither_new_nor_gone() -> None:
    other = "## Delivery\n\nOur parcels are delivered by DHL, to whom we pass on your address.\n\n"
    old = HEAD + SHARING.format("DHL and Criteo") + other
    new = HEAD + SHARING.format("Criteo") + other
    assert all("mentioned" in c.signals for c in changes(old, new) if c.subject == "DHL")


def test_swapping_the_versions_swaps_added_and_removed() -> None:
    old, new = HEAD + SHARING.format("DHL"), HEAD + SHARING.format("DHL and Criteo")
    assert {(c.subject, c.action) for c in changes(new, old)} == {("Criteo", "removed")}


def test_a_lost_not_is_seen() -> None:
    old = HEAD + "## Sale\n\nWe do not sell your personal data to anyone.\n"
    new = HEAD + "## Sale\n\nWe sell your personal data to anyone.\n"
    (change,) = changes(old, new)
    assert change.kind == "sale"


def test_every_quote_stands_in_its_version() -> None:
    old, new = HEAD + SHARING.format("DHL") + KEEPING.format("6 months"), HEAD + SHARING.format("DHL and Criteo")
    for change in changes(old, new):
        assert change.quote_old in old.replace("\n\n", " ")
        assert change.quote_new in new.replace("\n\n", " ")


def test_words_that_operators_ignore_come_and_go_unseen() -> None:
    old = HEAD + SHARING.format("DHL") + "## News\n\nRead the Spring Letter, which tells how we use your data.\n"
    new = old.replace("Spring Letter", "Autumn Letter")
    assert changes(old, new)
    assert compare(read(old), read(new), Teaching(ignore=("Spring Letter", "autumn letter"))) == ()


def test_a_chinese_numeral_of_an_age_is_no_empty_word() -> None:
    text = "# 岸边书店隐私政策\n\n本政策说明岸边书店如何处理个人信息。\n\n我们不会向未满{}周岁的{}提供服务。\n"
    told = changes(text.format("十四", "儿童"), text.format("十六", "人员"))
    assert [(c.kind, c.before, c.after) for c in told if c.kind == "children"] == [("children", "14", "16")]


@pytest.mark.parametrize(
    ("before", "after"),
    [("12 months", "one year"), ("14 days", "two (2) weeks"), ("up to 6 months", "no more than half a year")],
)
def test_a_time_that_is_only_written_otherwise_is_no_change(before: str, after: str) -> None:
    assert changes(HEAD + KEEPING.format(before), HEAD + KEEPING.format(after)) == ()


def test_a_most_that_became_a_least_is_a_change() -> None:
    (change,) = changes(HEAD + KEEPING.format("up to 6 months"), HEAD + KEEPING.format("at least 6 months"))
    assert (change.kind, change.before, change.after) == ("retention", "up to 6 months", "at least 6 months")
    assert "nearly" not in change.signals


def test_a_time_that_moved_within_its_sentence_is_no_change_of_it() -> None:
    text = "# 岸边书店隐私政策\n\n本政策说明岸边书店如何处理个人信息。\n\n{}\n"
    told = changes(
        text.format("您的通话录音自录制之日起保存90天，用于解决争议。"),
        text.format("为解决争议，您的通话录音保存90天，自录制之日起计算。"),
    )
    assert not [c for c in told if {"period", "number"} & set(c.signals) or (c.kind == "retention" and c.old)]


def test_an_age_in_words_is_the_age_in_figures() -> None:
    text = HEAD + "## Children\n\nWe do not knowingly collect personal data of children under {}.\n"
    assert changes(text.format("13"), text.format("thirteen")) == ()
    assert [c.kind for c in changes(text.format("13"), text.format("sixteen"))] == ["children"]


def test_a_place_that_is_only_called_otherwise_is_no_change() -> None:
    text = HEAD + "## Where\n\nWe store your personal data on servers in the {}.\n"
    assert changes(text.format("United States"), text.format("USA")) == ()


@pytest.mark.parametrize(
    ("text", "before", "after", "kind"),
    [
        (
            "# 岸边书店隐私政策\n\n本政策说明岸边书店如何处理个人信息。\n\n登录日志保存{}。\n",
            "六个月",
            "一年",
            "retention",
        ),
        (HEAD + "Please allow up to {} for a response.\n", "30 days", "45 days", "rights"),
        (
            HEAD + "If we sell the shop, we will give you {}' notice before anything changes.\n",
            "10 days",
            "5 days",
            "notice",
        ),
        (
            HEAD + "- Watching: we look at all gates, with {} retention, and test them.\n",
            "one-year",
            "two-year",
            "retention",
        ),
    ],
)
def test_a_changed_time_is_told_though_its_line_looks_like_none_that_matters(
    text: str, before: str, after: str, kind: str
) -> None:
    (change,) = changes(text.format(before), text.format(after))
    assert (change.kind, before in change.before, after in change.after) == (kind, True, True)


def test_a_place_that_took_anothers_place_is_told_whatever_else_its_sentence_says() -> None:
    text = HEAD + "By using our shop you agree that your personal data is processed and stored in {}.\n"
    told = changes(text.format("Canada"), text.format("Japan"))
    assert {(c.kind, c.action, c.subject) for c in told} == {
        ("transfer", "removed", "Canada"),
        ("transfer", "added", "Japan"),
    }


def test_a_place_added_to_a_sentence_is_told_though_another_section_names_it() -> None:
    rest = "## Who this is for\n\nSome rules hold only for readers from Japan.\n"
    text = HEAD + "## Where\n\nWe store your personal data on servers in {}.\n\n" + rest
    (change,) = changes(text.format("Ireland"), text.format("Ireland and in Osaka, Japan"))
    assert (change.kind, change.action, change.subject, change.signals) == ("transfer", "added", "Japan", ())


def test_a_changed_time_of_answering_is_about_a_right_not_about_a_purpose() -> None:
    text = HEAD + "We use what you tell us to look into it, and give you a response in {} or so.\n"
    (change,) = changes(text.format("10 days"), text.format("20 days"))
    assert change.kind == "rights"


def test_the_same_time_of_the_same_data_by_another_name_is_neither_gone_nor_new() -> None:
    old = HEAD + "Bank details that a seller gives to us are deleted 7 days after he is paid.\n"
    new = HEAD + "One week after payment, we delete the details of bank accounts.\n"
    assert not [c for c in changes(old, new) if c.kind == "retention" and (c.old or c.new)]


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("If you reply to an advertisement, we may share your reply with the shop behind it.", False),
        ("We collect the address of your device by automated means.", False),
        ("We collect your address with a device identifier, an advertising identifier and a cookie.", False),
        ("We share your address with shops that show you relevant advertisements.", True),
        ("We collect your reading list for marketing.", True),
    ],
)
def test_a_purpose_is_told_beside_the_main_matter_only_where_it_is_one(sentence: str, told: bool) -> None:
    old = HEAD + KEEPING.format("6 months")
    found = changes(old, old + f"## Your device\n\n{sentence}\n")
    assert ("purpose" in {change.kind for change in found}) == told
