"""A sentence gives the facts that a reader would name, in English and in Chinese."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.facts.reading import keys, read
from watcher import facts
from watcher.extract import extract
from watcher.facts import sharing
from watcher.records import Kind, Teaching

PAGES = sorted((Path(__file__).parents[1] / "pages").glob("*.html"))


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("collection", "We collect your name, e-mail address and date of birth.", {"name", "email address"}),
        ("collection", "We may ask for identifiers such as your IP address and telephone number.", {"ip address"}),
        ("collection", "When you dive we collect your depth, heart rate, shoe size and location.", {"location"}),
        ("collection", "我们会收集您的手机号码、位置信息和通讯录。", {"手机号", "位置信息", "通讯录"}),
        ("purpose", "We use your data for targeted advertising.", {"targeted advertising"}),
        ("purpose", "我们会将上述信息用于个性化推荐。", {"personalization"}),
        ("automated", "We may use your prompts to train our AI models.", {"ai training"}),
        ("automated", "我们可能使用您的对话进行模型训练。", {"ai training"}),
        ("rights", "You may opt out of marketing e-mails at any time.", {"opt out"}),
        ("rights", "You have the right to data portability and to lodge a complaint.", {"portability", "complaint"}),
        ("rights", "您可以撤回您的同意，也可以注销账号。", {"withdraw consent", "account closure"}),
        ("rights", "您有权访问、更正、删除您的个人信息。", {"access", "correction", "deletion"}),
        ("rights", "您可以更正、删除和访问您的资料。", {"access", "correction", "deletion"}),
        ("transfer", "Your data is stored on servers in Singapore and Japan.", {"sg", "jp"}),
        ("transfer", "We rely on standard contractual clauses.", {"standard contractual clauses"}),
        ("transfer", "我们会将您的个人信息存储在新加坡。", {"sg"}),
        ("sale", "We do not sell your personal information.", {"sale"}),
        (
            "tracking",
            "We use cookies, web beacons and device fingerprinting.",
            {"cookies", "web beacons", "fingerprinting"},
        ),
        ("tracking", "We do not respond to Do Not Track signals.", {"do not track"}),
        ("tracking", "我们会使用网站信标和设备指纹。", {"web beacons", "fingerprinting"}),
        ("security", "All traffic is encrypted with TLS.", {"encryption"}),
        ("legal_basis", "The legal basis is our legitimate interest.", {"legitimate interests"}),
        ("notice", "We will e-mail you before changes to this policy take effect.", {"email notice", "prior notice"}),
        ("notice", "如您继续使用，即视为同意更新后的本政策。", {"continued use is consent"}),
        ("scope", "This policy applies to Quokka Maps and to https://quokka.example.", {"quokka map"}),
        ("contact", "Write to privacy@quokka.example or call +1 555 123 4567.", {"email", "phone"}),
    ],
)
def test_a_sentence_gives_its_facts(kind: Kind, text: str, expected: set[str]) -> None:
    assert expected <= keys(text, kind)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("retention", "We will reply to your request within 30 days."),
        ("retention", "We tell you 30 days before this notice changes."),
        ("retention", "You must be at least 16 years old."),
        ("transfer", "Residents of Germany have further rights."),
        ("sale", "In a merger or sale of assets your information may be transferred."),
        ("children", "With respect to users under the age of 16, we do not disclose personal data to advertisers."),
        ("rights", "Access requests | 2,311 | 2,309 | 8.83 days"),
    ],
)
def test_what_only_looks_like_a_fact_is_none(kind: Kind, text: str) -> None:
    cells = tuple(text.split(" | ")) if " | " in text else ()
    assert [f for f in read(text, kind, cells=cells) if f.value or kind in ("transfer", "sale")] == []


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("We sell your personal information.", True),
        ("We do not sell your personal information.", False),
        ("We never sell personal information.", False),
        ("Our sharing is not limited to this: we sell personal information.", True),
        ("我们不会出售您的个人信息。", False),
    ],
)
def test_a_denial_is_told_from_a_statement(text: str, does: bool) -> None:
    (fact,) = read(text, "sale")
    assert fact.polarity is does


def test_data_ends_before_an_adverb() -> None:
    assert [fact.subject for fact in read("We collect device identifiers automatically.", "collection")] == [
        "device identifiers"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "We collect no more than the Act on the Protection of Personal Information lets us.",
        "我们依据《个人信息保护规定和数据》收集。",
        "We keep order records for three years and server logs for six months.",
    ],
)
def test_a_law_and_a_period_tell_no_collection(text: str) -> None:
    assert read(text, "collection") == []


def test_a_right_is_worded_without_what_follows_it() -> None:
    text = "You have the right to correct and delete your photos, your personal data and to data portability."
    subjects = {fact.key: fact.subject for fact in read(text, "rights")}
    assert subjects["correction"].endswith("your personal data")
    (fact,) = read("You may object to the profiling of your visits.", "rights")
    assert fact.subject == "object"


def test_a_company_name_states_no_purpose() -> None:
    assert read("We share data with Quokkametric Analytics, Inc.", "purpose") == []
    assert keys("We use Quokkametric Analytics, Inc. for analytics.", "purpose") == {"analytics"}


def test_the_need_of_consent_is_no_denial_of_it() -> None:
    (fact,) = read("未经您的同意，我们不会公开您的照片。", "rights")
    assert (fact.subject, fact.polarity) == ("未经您的同意", True)


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("We share your data with advertisers.", "will"),
        ("We may share your data with advertisers.", "may"),
        ("We share your data with advertisers with your consent.", "with_consent"),
        ("We share your data with advertisers unless you opt out.", "opt_out"),
        ("We disclose your data to courts where required by law.", "required_by_law"),
        ("经您同意，我们会与广告主共享您的信息。", "with_consent"),
    ],
)
def test_a_statement_says_how_firmly_it_binds(text: str, modality: str) -> None:
    assert {fact.modality for fact in read(text, "sharing")} == {modality}


def test_ages_are_told_by_what_they_bound() -> None:
    assert [(f.key, f.value) for f in read("You must be at least 16 years old, no child under 13.", "children")] == [
        ("minimum age", "16"),
        ("child age", "13"),
    ]
    assert [(f.key, f.norm) for f in read("我们将不满14周岁的未成年人视为儿童。", "children")] == [("child age", "14")]


def test_a_deadline_knows_working_days() -> None:
    (fact,) = [f for f in read("We will respond to your request within 15 business days.", "rights") if f.norm]
    assert (fact.key, fact.norm) == ("deadline", "P15B")
    (fact,) = [f for f in read("我们将在十五个工作日内回复您的请求。", "rights") if f.norm]
    assert fact.norm == "P15B"


@pytest.mark.parametrize(
    ("text", "key", "name"),
    [
        (
            'This policy explains how Quokka Labs, Inc. ("Quokka", "we" or "us") works.',
            "controller",
            "Quokka Labs, Inc",
        ),
        ("Your personal data is controlled by Quokka Europe S.A. in Lyon.", "controller", "Quokka Europe S.A"),
        ("Our representative in the EU is Wombat GmbH, Berlin.", "representative", "Wombat GmbH"),
        ("本应用由北京袋熊科技有限公司（以下简称“我们”）运营。", "controller", "北京袋熊科技有限公司"),
    ],
)
def test_whoever_answers_for_the_data_is_named(text: str, key: str, name: str) -> None:
    assert (key, name) in {(fact.key, fact.value) for fact in read(text, "controller")}


def test_such_signals_are_told_by_the_name_that_the_clause_gives_them() -> None:
    text = "Some browsers send a “Do Not Track” request. We do not honor such signals."
    found = {(f.key, f.subject, f.polarity) for f in read(text, "tracking")}
    assert ("do not track", "Do Not Track", False) in found


def test_a_kind_that_is_not_asked_would_state_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    states = facts.read_clause
    clauses = [c for page in PAGES for c in extract(page.read_bytes(), content_type="text/html", url=page.name).clauses]
    asked = [states(clause, Teaching(), facts.KINDS) for clause in clauses]
    always = {language: [(reader.facts, -1, -1) for reader in facts.FACT_KINDS.values()] for language in ("en", "zh")}
    monkeypatch.setattr(facts, "_readers", lambda language, kinds: always[language])
    monkeypatch.setattr(sharing, "_gates", lambda language: sharing._Gates(*[-1] * 5))
    assert asked == [states(clause, Teaching(), facts.KINDS) for clause in clauses]
    assert sum(map(len, asked)) > 100


@pytest.mark.parametrize("verb", ["extract or mine", "infer", "scan", "derive", "analyse"])
def test_data_that_is_not_taken_by_whatever_verb_is_told_as_not_collected(verb: str) -> None:
    found = {f.subject: f.polarity for f in read(f"We record calls but do not {verb} your voiceprint.", "collection")}
    assert found["voiceprint"] is False


@pytest.mark.parametrize(
    "text",
    [
        "Our staff does not access the information in closed stalls.",
        "Readers may show their handles on social media like Twitter and LinkedIn; we share shelves with nobody.",
    ],
)
def test_what_staff_leave_alone_and_where_a_handle_stands_give_neither_right_nor_recipient(text: str) -> None:
    assert not [fact for fact in read(text, "rights") + read(text, "sharing") if fact.kind == "rights" or fact.named]


def test_a_noun_of_data_after_to_is_a_deed() -> None:
    text = "Whoever collects letters may attempt to contact you, and needs your name to record."
    assert [fact.key for fact in read(text, "collection")] == ["name"]


def test_a_signal_in_the_plural_is_the_signal() -> None:
    assert "global privacy control" in keys("We honour Global Privacy Controls that browsers send.", "tracking")
