"""What the word that governs a name tells, whatever its sentence is about: who does it, who holds it, who gets it."""

from __future__ import annotations

import pytest

from tests.facts.reading import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Our letters are printed by Quokkaprint.", {"quokkaprint"}),
        ("Customer calls are answered for us by Wombatcall and Quokkadesk.", {"wombatcall", "quokkadesk"}),
        ("Parcels are shipped by DHL or Quokkapost.", {"dhl", "quokkapost"}),
        ("Surveys are done through Typeform and Quokkaform.", {"typeform", "quokkaform"}),
        ("Backups are kept on Quokkavault.", {"quokkavault"}),
        ("Tickets are managed in Zendesk.", {"zendesk"}),
        ("Tickets are managed in the Wombatdesk system.", {"wombatdesk"}),
        ("Photos are stored on the servers of Quokkanet.", {"quokkanet"}),
        ("Crash logs are forwarded to Wombattrace.", {"wombattrace"}),
        ("Late bills are passed to the debt collector Quokkasso.", {"quokkasso"}),
        ("Our host, Wombat Racks, stands in Norway.", {"wombat racks"}),
        ("With Hotjar we see how you scroll.", {"hotjar"}),
        ("Quokkameter has access to your clicks.", {"quokkameter"}),
        ("Wombatshare, which places a cookie on your device, helps us.", {"wombatshare"}),
        ("The Quokka Europe OÜ record of Number X Europe OÜ, which stores your data, is short.", {"number x europe"}),
        ("短信由袋熊云发送，通知由袋鼠通讯代为推送。", {"袋鼠通讯"}),
        ("您的数据存储在阿里云的服务器上。", {"alibaba cloud"}),
        ("我们使用了袋鼠云图SDK。", {"袋鼠云图"}),
    ],
)
def test_a_name_is_a_recipient_by_what_is_done(text: str, expected: set[str]) -> None:
    assert expected <= {fact.key for fact in read(text, "sharing") if fact.named}


@pytest.mark.parametrize(
    "text",
    [
        "You can manage your subscription in Quokkastore.",
        "Your data is stored in Quokkaville.",
        "Chats are protected with the Quokka protocol.",
        "Our app runs on Quokkaphone.",
        "Go to Quokkaboard to see your scores.",
        "We process what we know in accordance with Quokkaprinciples.",
        "We have pages on social media sites like Facebook and Quokkachat.",
        "Acme Ltd is a subsidiary of Quokka Holdings Inc.",
        "When you visit services such as Facebook or Google, other terms apply.",
        "您可以使用袋鼠地图。",
        "我们使用了统计分析SDK和消息推送SDK。",
        "短信由第三方服务商提供，头像由您提供。",
        "我们会获取您的微信、支付宝或银行卡账号信息。",
    ],
)
def test_what_the_reader_does_and_where_things_are_names_no_recipient(text: str) -> None:
    assert [fact.subject for fact in read(text, "sharing") if fact.named] == []


def test_an_item_that_is_a_name_tells_a_recipient_under_a_heading_on_payments() -> None:
    for heading, expected in (("Payments", ["Quokkacoins"]), ("Our offices", [])):
        facts = read("Quokkacoins", "sharing", shape="item", path=("Privacy Policy", heading))
        assert [fact.subject for fact in facts] == expected


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Stripe", "Stripe Payments Europe, Ltd."),
        ("Paddle", "Paddle.com Market Limited"),
        ("友盟", "友盟同欣科技有限公司"),
    ],
)
def test_a_company_and_its_branch_are_one_party(short: str, full: str) -> None:
    chinese = not short.isascii()
    facts = [
        read(f"我们委托{name}处理数据。" if chinese else f"We share data with {name}", "sharing")
        for name in (short, full)
    ]
    assert len({fact.key for found in facts for fact in found if fact.named}) == 1
