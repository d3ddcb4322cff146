"""What a sentence is about, and which kinds a place tells."""

from __future__ import annotations

import pytest

from tests.compare.test_compare import HEAD, changes, read
from watcher.compare.lines import about, nature
from watcher.compare.units import sentences, units_of

COLLECTED = "## What we collect\n\nWe collect the following data about you:\n\n- {}\n"


def last(text: str) -> tuple[str, ...]:
    return about(units_of(read(HEAD + text).document.clauses, sentences())[-1])


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("We reserve the right to revise this policy at any time.", "notice"),
        ("Residents of Ohio may request deletion of their data.", "rights"),
        ("This setting can be turned off in your account.", "rights"),
        ("We only send you our newsletter if you have agreed to it.", "rights"),
        ("The collected data are saved by Birch Cloud on our behalf.", "sharing"),
        ("Birch Cloud may collect your address from its partners.", "collection"),
        ("We use suitable technical measures to protect your data.", "security"),
        ("With respect to users under the age of 18, we do not disclose data to advertising partners.", "sharing"),
        ("When we share data with our suppliers abroad, we rely on standard contractual clauses.", "transfer"),
        ("Our shop is not aimed at children.", "children"),
        ("We do not engage in sales of what we know.", "sale"),
        ("If you live in Wales, you are contracting with Brindle Wales.", "controller"),
        ("Your shelf will be permanently deleted and cannot be restored.", "retention"),
        ("We and our partners may use web beacons and tags on these pages.", "tracking"),
        ("Residents of the State of Ohio may request a list of all third parties.", "rights"),
    ],
)
def test_a_sentence_is_about_what_it_states(sentence: str, kind: str) -> None:
    assert last(sentence)[:1] == (kind,)


def test_an_item_is_first_about_what_its_lead_announces() -> None:
    assert last(COLLECTED.format("Other identifiers (such as cookies used for statistics)"))[0] == "collection"


def test_an_item_that_is_a_sentence_of_its_own_speaks_for_itself() -> None:
    assert last(COLLECTED.format("Cookies: you can delete cookies in your browser at any time."))[0] == "rights"


def test_a_label_says_what_its_line_is_about() -> None:
    assert last("## Newsletter\n\nDuration of storage: up to the end of your subscription")[0] == "retention"


ROWS = "## Our partners\n\n| {} |\n|---|---|---|\n| Birch Cloud | hosting | Ireland |\n"


def test_a_new_row_tells_the_kind_of_each_of_its_columns() -> None:
    old = HEAD + ROWS.format("Recipient | Purpose | Country of processing")
    told = changes(old, old + "| Elm Mail | newsletters | Brazil |\n")
    assert {c.kind for c in told if c.kind in ("sharing", "transfer", "purpose")} == {"sharing", "transfer"}


@pytest.mark.parametrize(
    ("sentence", "signal"),
    [
        ("This notice explains how we use and share your data.", "preface"),
        ("What data do we collect?", "heading"),
        ("By “logs” we mean records of what our servers do with your data.", "definition"),
    ],
)
def test_a_line_that_states_no_practice_is_marked(sentence: str, signal: str) -> None:
    assert signal in nature(units_of(read(HEAD + sentence).document.clauses, sentences())[-1])


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Birch Books does not ‘sell’ or ‘share’ what it knows.", "sale"),
        ("Please note that we do not currently sell your data.", "sale"),
        ("Card payments are processed for us by Elm Pay.", "sharing"),
        ("You have the right not to be subject to automated decisions.", "rights"),
        ("We will announce it at least fourteen (14) days before this policy changes.", "notice"),
        ("我们不会主动向未满十六周岁的人员提供服务。", "children"),
    ],
)
def test_a_sentence_is_told_by_its_own_words(sentence: str, kind: str) -> None:
    assert last(sentence)[:1] == (kind,)


def test_the_last_words_of_a_lead_govern_its_items() -> None:
    text = "## Chat\n\nYour messages are collected and read by us in order to:\n\n- screen them for spam\n"
    assert last(text)[0] == "purpose"


def test_a_visit_to_the_shop_is_no_pointer() -> None:
    text = "When you visit our stall we collect your name."
    assert "pointer" not in nature(units_of(read(HEAD + text).document.clauses, sentences())[-1])


def test_an_item_without_a_lead_is_about_its_section() -> None:
    assert last("## Who we share data with\n\n- Customs agents, for customs purposes;\n")[0] == "sharing"


def test_a_parent_company_is_nobodys_mother() -> None:
    assert "children" not in last("The parent company of the group is Brindle Holding.")


def test_a_denial_that_went_is_about_what_its_paragraph_says_where_its_own_words_do_not() -> None:
    old = HEAD + "## Figures\n\nWe share figures with our partners. Our yearly tables never name a reader."
    new = HEAD + "## Figures\n\nWe share figures with our partners."
    assert [(c.kind, c.action) for c in changes(old, new)] == [("sharing", "removed")]


@pytest.mark.parametrize("line", ["c/o Alder Data Services GmbH,", "CC: Brindle BV, 1017 HL Amsterdam, Netherlands"])
def test_a_line_of_an_address_belongs_to_the_section_on_whom_to_write_to(line: str) -> None:
    assert last(f"## How to contact us\n\n{line}") == ("contact",)


def test_a_doubled_letter_is_a_slip_of_the_pen() -> None:
    old = HEAD + "## Data\n\nWe keep your name and fFor readers in France your street."
    assert {signal for c in changes(old, old.replace("fFor", "for")) for signal in c.signals} == {"edit", "spelling"}


def test_words_put_into_a_cell_are_about_what_its_column_is() -> None:
    row = "| Sending catalogues | name, street{}, shelf | Our legitimate interest in more readers |"
    table = "## Table\n\n| Purpose | Data collected | Legal basis |\n|---|---|---|\n| Selling | name | Contract |\n"
    old, new = (HEAD + table + row.format(more) for more in ("", ", telephone number"))
    assert {c.kind for c in changes(old, new)} == {"collection"}
