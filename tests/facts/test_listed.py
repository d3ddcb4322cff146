"""Names that neither a capital nor a company's ending shows, but the list they stand in."""

from __future__ import annotations

import pytest

from tests.facts.reading import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "我们会与合作伙伴（如袋熊科技、袋鼠数据、云狸广告等）共享您的设备信息。",
            {"袋熊科技", "袋鼠数据", "云狸广告"},
        ),
        ("第三方支付机构（微信支付、支付宝、袋闪付）将处理您的支付信息。", {"wechat pay", "alipay", "袋闪付"}),
        ("我们与关联公司（海狸信息、海狸传媒）共享账号信息。", {"海狸信息", "海狸传媒"}),
        ("我们使用第三方SDK（袋熊云、袋鼠统计）推送消息。", {"袋熊云", "袋鼠统计"}),
        ("The pages are hosted on netlify; payments run through stripe.", {"netlify", "stripe"}),
        ("We share your address with mailchimp and stripe.", {"mailchimp", "stripe"}),
        ("The one exception is our external support (Quokka Helpers GmbH, Bonn).", {"quokka helpers"}),
        ("Our payroll office (Wombat & Sons, Leeds) sees invoices.", {"wombat & sons"}),
        ("We show ads from AdMob (Google Inc.).", {"admob"}),
        ("Log in with an account on a platform (such as twitter and WeChat) and we obtain your avatar.", {"wechat"}),
    ],
)
def test_a_list_shows_that_its_members_are_names(text: str, expected: set[str]) -> None:
    assert expected <= {fact.key for fact in read(text, "sharing") if fact.named}


@pytest.mark.parametrize(
    "text",
    [
        "我们可能向第三方服务商（如短信、物流、支付）提供必要的信息。",
        "我们会向主管部门（袋审办、袋信部、袋监局）披露信息。",
        "您可以使用第三方账号（如袋熊、袋鼠、云狸）登录。",
        "我们可能从第三方（如袋熊、袋鼠、云狸）获取您的昵称。",
        "本政策中“关联公司”指与北京袋熊科技有限公司共同受控的企业，我们会与其共享信息。",
        "We adjust what we share and segment our readers.",
        "You can block cookies in a browser such as Quokka or Wombat, which third parties provide.",
        "We disclose Wombatmail Information to nobody but our partners.",
    ],
)
def test_what_a_list_holds_besides_is_no_name(text: str) -> None:
    assert not [fact.subject for fact in read(text, "sharing") if fact.named]


@pytest.mark.parametrize(
    ("columns", "cells", "expected"),
    [
        (("序号", "SDK名称", "目的"), ("6", "袋熊互动", "投放"), {"袋熊互动"}),
        (("Processor", "What for"), ("quokkatrace", "finding faults"), {"quokkatrace"}),
        (("Processor", "What for"), ("analytics providers", "finding faults"), set()),
        (("第三方名称", "目的"), ("推送服务商", "推送"), set()),
        (("Data", "Why"), ("quokkatrace", "finding faults"), set()),
    ],
)
def test_a_cell_under_the_name_of_a_party_is_one(
    columns: tuple[str, ...], cells: tuple[str, ...], expected: set[str]
) -> None:
    found = read(" | ".join(cells), "sharing", shape="row", cells=cells, columns=columns)
    assert {fact.key for fact in found if fact.named} == expected
