"""Recipients by name, by the form of a name, and by what kind of party they are."""

from __future__ import annotations

from typing import get_args

import pytest

from tests.facts.reading import clause, keys, read
from watcher.facts import facts_of
from watcher.lang import vocabulary
from watcher.records import Document, Role, Teaching


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We share device data with Zendesk, SendGrid and Facebook, Inc.", {"zendesk", "sendgrid", "meta"}),
        ("Infrastructure services are provided by Huawei Cloud and Amazon Web Services.", {"huawei cloud"}),
        ("We use Mixpanel to process usage data.", {"mixpanel"}),
        ("E-mail service providers, e.g., Wombatmail (provided by Wombatmail, Inc.).", {"wombatmail"}),
        ("We share personal data with Bandicoot Analytics GmbH.", {"bandicoot analytics"}),
        ("我们会与友盟和个推共享设备信息。", {"umeng", "getui"}),
        ("我们委托北京袋熊科技有限公司处理您的个人信息。", {"北京袋熊科技"}),
        ("Stripe receives your name and your order.", {"stripe"}),
        ("The insurer Wombatshield receives your driving data.", {"wombatshield"}),
        ("We pass your details on to Wombat GmbH.", {"wombat"}),
        ("We share data with AB Quokka och Wombat.", {"ab quokka och wombat"}),
        ("Our partner is Wombat Cloud Co. Ltd. Bandicoot processes data for us.", {"wombat cloud"}),
        ("Recipients of your data include WOMBAT.COM QUOKKA LIMITED.", {"wombat.com quokka"}),
        ("What Adyen (payments) and Mailgun (delivery of our e-mails) get for us is data.", {"adyen", "mailgun"}),
        ("We use Stripe®, Wombatpay and Zendesk to process payments.", {"stripe", "wombatpay", "zendesk"}),
        ("Our processors are Zendesk, which answers mail, and Wombatcord, which records calls.", {"wombatcord"}),
        ("We use Brevo (formerly Sendinblue), OpenAI and Mixpanel to process data.", {"sendinblue", "openai"}),
        ("If you sign in with Google, we share your name with Zendesk.", {"zendesk"}),
        ("We use the Quokkapay platform to run our raffles.", {"quokkapay"}),
        ("We now work with Quokkadrill to manage our sales contacts.", {"quokkadrill"}),
        ("Quokkawise collects your address when you open our newsletter.", {"quokkawise"}),
        ("We have added the Quokkaline pixel to our page.", {"quokkaline"}),
        ("Our site is hosted on Quokkabarn.", {"quokkabarn"}),
        ("Ads come through services administered by Google.", {"google"}),
        ("Partners are Quokka Inc, Wombatly, Mixpanel and Zendesk.", {"quokka", "wombatly", "mixpanel"}),
        ("我们接入了quokka-SDK和袋熊（北京袋熊科技有限公司）。", {"quokka", "北京袋熊科技"}),
    ],
)
def test_named_recipients_are_found(text: str, expected: set[str]) -> None:
    named = {fact.key for fact in read(text, "sharing") if fact.named}
    assert expected <= named


@pytest.mark.parametrize(
    "text",
    [
        "You can delete cookies in Google Chrome and Microsoft Edge.",
        "Download the app from the App Store to share your data with friends.",
        "We share our Privacy Policy with You on the Website.",
        "We receive personal data from Facebook.",
        "We use Personal Information to provide the Services.",
        "Link your Google account to share data.",
        "Our site uses QUOKKA_ID, a cookie that partners share.",
        "You can use Quokkafox or any other modern browser that shares no data.",
        "You may log in to share data by Facebook, LinkedIn or Google account.",
        "Our site holds links to other websites, such as Facebook or Quokkachat, that share data.",
        "We share data to protect the rights and property of Quokka Freight Ltd.",
        "BY SHARING DATA WITH PARTNERS YOU ACCEPT TERMS INCORPORATED BY REFERENCE INTO THE QUOKKA AGREEMENT.",
        "To stop sharing with our partners, write to Quokka75@example.org.",
        "你可以绑定QQ号、微博号或微信账号进行登录并共享信息。",
        "If you connect your account to Wombatmate, we receive your profile and share it.",
        "You may connect your service to Twitch to share your activity.",
        "Our app runs within the Quokkachat app and shares your scores.",
        "If we share data wrongly, contact Quokkaseal, our dispute resolution provider.",
        "We take part in the certification program of Quokkaseal GmbH and share data lawfully.",
        'Quokka Freight Ltd ("Quokka", "we") collects, uses and shares personal data.',
        "Wombatshield receives your driving data from its partners.",
        "You may sign in with an account from another service such as Facebook or Quokkachat; we share its picture.",
        "When you link your account with external accounts (such as Facebook or Twitch), we collect and share scores.",
        "Facebook will share your name and picture with us if you use it.",
        "We share news on our social media accounts, including LinkedIn.",
        "Our servers use advertising identifiers such as the Google Advertising ID and the Apple IDFA.",
        "To opt out of sharing, go to https://liveramp.example/opt_out or write to privacy@facebook.example.",
        "By sharing it you lend us your voice, likeness or other indicia of persona for advertising.",
        "Recipients are at Lyoner Strasse 9, 60528 Frankfurt, and at Talacker 41, 8001 Basel.",
        "Send questions about sharing to Quokka House, 20 Wombat Street, P.O. Box 12.",
        "When you use Quokka Clipper, the data that you share stays with you.",
    ],
)
def test_a_mention_is_not_a_recipient(text: str) -> None:
    assert [fact.subject for fact in read(text, "sharing") if fact.named] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We share your data with our trusted service providers and affiliates.", {"service provider", "affiliate"}),
        ("We may disclose information to law enforcement, courts or data brokers.", {"law enforcement", "court"}),
        ("Your data may be sold to advertisers.", {"advertiser"}),
        ("Advertising networks may collect information about your visits.", {"ad network"}),
        ("我们会与关联公司及合作伙伴共享您的个人信息。", {"关联方", "合作伙伴"}),
        ("我们会将您的信息提供给支付机构。", {"支付机构"}),
        ("We give your measurements to the workshop.", {"workshop"}),
        ("Your measurements are handed over to the tailor.", {"tailor"}),
        ("我们会把您的尺码转交裁缝。", {"裁缝"}),
    ],
)
def test_unnamed_recipients_are_found(text: str, expected: set[str]) -> None:
    assert expected <= keys(text, "sharing")


@pytest.mark.parametrize(
    "text",
    [
        "We use the information that we share to train employees.",
        "We will not sell your personal data.",
        "You give your consent to the processing.",
        "We give your data to the extent necessary.",
    ],
)
def test_a_sentence_without_a_recipient_names_none(text: str) -> None:
    assert read(text, "sharing") == []


def test_rewording_a_recipient_keeps_its_key() -> None:
    assert keys("We share data with our trusted service providers.", "sharing") == keys(
        "We may share your personal data with certain third-party service providers.", "sharing"
    )


def test_a_denial_keeps_its_exceptions_apart() -> None:
    text = "We do not share your data with advertisers, except with our payment providers."
    said = {fact.key: fact.polarity for fact in read(text, "sharing")}
    assert said == {"advertiser": False, "payment provider": True}


def test_a_denial_that_names_nobody_is_kept() -> None:
    (fact,) = read("We never share your messages.", "sharing")
    assert (fact.key, fact.polarity) == ("anyone", False)


def test_an_item_is_read_with_the_lead_in_of_its_list() -> None:
    facts = read("Insurers, for claims.", "sharing", shape="item", lead="We share your personal data with:")
    assert [fact.key for fact in facts] == ["insurer"]
    assert facts[0].quote == "Insurers, for claims."


def test_a_row_is_read_with_its_columns() -> None:
    row = "Wombat SDK | device identifiers | 90 days"
    more = {
        "shape": "row",
        "cells": tuple(row.split(" | ")),
        "columns": ("SDK name", "Data collected", "Retention period"),
    }
    assert "wombat" in keys(row, "sharing", path=("Third-party SDKs",), **more)
    assert "device identifier" in keys(row, "collection", **more)
    assert [(f.subject, f.norm) for f in read(row, "retention", **more)] == [("Wombat SDK", "P90D")]


def test_operators_can_teach_names() -> None:
    taught = Teaching(recipients=(("Wombat", ("wmbt cloud",)),))
    (fact,) = read("We share data with wmbt cloud.", "sharing", teaching=taught)
    assert (fact.key, fact.named) == ("wombat", True)


def test_whoever_writes_the_policy_is_no_recipient() -> None:
    texts = (
        'Quokka Labs, Inc. ("we") provides Quokka Maps.',
        "We share data with Quokka Labs, Inc. and with Stripe.",
    )
    document = Document(title="Privacy Policy", language="en", clauses=tuple(clause(text) for text in texts))
    assert [f.key for f in facts_of(document) if f.kind == "sharing" and f.named] == ["stripe"]


def test_roles_of_the_vocabulary_are_roles_of_the_records() -> None:
    for language in ("en", "zh"):
        assert set(vocabulary(language)["sharing"]["roles"]) <= set(get_args(Role))


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Our service providers include Zendesk (support) and Criteo (advertising).", ["processor", "advertiser"]),
        ("We share data with Criteo for ads and with Stripe, our payment processor.", ["advertiser", "payment"]),
        ("Advertising service providers such as Taboola get your data.", ["advertiser"]),
        (
            "We share it with Google for ads, and our hosting provider Wombat GmbH stores it.",
            ["advertiser", "processor"],
        ),
    ],
)
def test_a_role_is_told_by_the_nearest_words(text: str, roles: list[Role]) -> None:
    assert [fact.role for fact in read(text, "sharing") if fact.named] == roles


def test_subjects_are_nouns_without_determiners() -> None:
    assert {fact.subject for fact in read("We share data with our trusted partners.", "sharing")} == {
        "trusted partners"
    }
    assert [(f.subject, f.value) for f in read("We never share or sell your data.", "sharing")] == [
        ("anyone", "share or sell your data")
    ]


@pytest.mark.parametrize(
    ("text", "lead", "expected"),
    [
        ("Wombatmail (newsletters)", "We share data with:", ["wombatmail"]),
        ("Wombatmail helps us to write to you", "Our service providers are:", ["wombatmail"]),
        ("Electing to share data with friends", "You choose by:", []),
        ("Wombatmail newsletters about our processors", "You may order:", []),
    ],
)
def test_an_item_names_a_recipient_where_its_list_is_one_of_recipients(
    text: str, lead: str, expected: list[str]
) -> None:
    assert [f.key for f in read(text, "sharing", shape="item", lead=lead) if f.named] == expected


def test_a_policy_that_speaks_of_a_name_as_its_own_is_written_by_it() -> None:
    own = [f"Quokkashop may use your data in the {place}." for place in ("garden", "kitchen", "cellar", "attic")]
    texts = [*own, "Data is processed by Quokkashop and Zendesk.", "We share data via Quokkashop Plus."]
    document = Document(title="Privacy", language="en", clauses=tuple(clause(text) for text in texts))
    assert {fact.key for fact in facts_of(document) if fact.kind == "sharing" and fact.named} == {"zendesk"}


@pytest.mark.parametrize(
    "introduction",
    [
        "Quokkashop built the Parcel app as a free app.",
        "At Quokkashop, we take care of your data.",
        "Application refers to Quokkashop, the program provided by the Company.",
        'This app was created by Quokkashop (hereby referred to as "Service Provider").',
        "This policy explains how Quokkashop uses data.",
    ],
)
def test_whom_a_policy_introduces_as_its_writer_is_no_recipient(introduction: str) -> None:
    texts = [introduction, "Data is shared with Quokkashop and Zendesk."]
    document = Document(title="Privacy", language="en", clauses=tuple(clause(text) for text in texts))
    assert {fact.key for fact in facts_of(document) if fact.kind == "sharing" and fact.named} == {"zendesk"}


def test_a_well_known_companys_products_are_its_own() -> None:
    texts = [f"Google may share your data in the {place}." for place in ("garden", "kitchen", "cellar", "attic")]
    document = Document(
        title="Privacy", language="en", clauses=tuple(clause(t) for t in (*texts, "We share data with YouTube."))
    )
    assert not [fact for fact in facts_of(document) if fact.kind == "sharing" and fact.named]


def test_an_entry_of_name_and_page_names_a_third_party() -> None:
    advertising = {"path": ("Advertising",)}
    row = read(
        "Quokkads | https://quokkads.example/privacy",
        "sharing",
        shape="row",
        cells=("Quokkads", "https://quokkads.example/privacy"),
        columns=("", ""),
        **advertising,
    )
    assert [fact.key for fact in row] == ["quokkads"]
    assert not read(
        "Quokkads | blue", "sharing", shape="row", cells=("Quokkads", "blue"), columns=("", ""), **advertising
    )
