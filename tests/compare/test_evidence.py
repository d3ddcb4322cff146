"""What a whole sentence is told as, where its turns of phrase alone would mislead."""

from __future__ import annotations

import pytest

from tests.compare.test_compare import HEAD, read
from watcher.compare.evidence import weighed
from watcher.compare.units import sentences, units_of
from watcher.records import Kind


def mains(text: str) -> tuple[Kind, ...]:
    return weighed(units_of(read(HEAD + text).document.clauses, sentences())[-1]).mains


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("## Where data goes\n\nWe and our suppliers may transfer data to countries with weaker laws.", "transfer"),
        ("## Disclosure to third parties\n\nDelivery involves processors such as service providers.", "sharing"),
        ("## How long we keep data\n\nThe shop will also retain reading data for analysis purposes.", "retention"),
    ],
)
def test_the_section_and_all_words_decide_where_frames_disagree_or_are_silent(text: str, kind: Kind) -> None:
    assert mains(text)[:1] == (kind,)


def test_a_sentence_that_states_no_practice_is_told_as_nothing() -> None:
    assert mains("## Terms\n\nThe seller may at any time change or end the service and owes nobody damages.") == ()


def test_two_kinds_that_both_weigh_much_are_both_told() -> None:
    text = (
        "## What we collect\n\nWe may use third parties for maps, which may automatically collect information on you."
    )
    both = mains(text)
    assert set(both) == {"sharing", "collection"}


def test_a_denial_keeps_the_kind_of_its_frame() -> None:
    assert mains("## About us\n\nWe do not sell lists.") != ()


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("## What we collect\n\nWe collect it in order to:\n\n- Prevent fraud and harm to readers.", {"purpose"}),
        ("## What we collect\n\nWe collect your IP address and browser using cookies.", {"collection", "tracking"}),
        ("## Your account\n\nYou can delete your account by following the steps in its settings.", {"rights"}),
    ],
)
def test_aims_means_and_grants_are_told_as_what_they_are(text: str, kinds: set[str]) -> None:
    assert set(mains(text)) == kinds


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("## Orders\n\nBrindle may use your address to check which offers reach you.", {"purpose"}),
        ("## Security\n\nNobody can promise that letters remain secure on their way.", {"security"}),
        ("## Your account\n\n- Control: Download or delete your data at any time.", {"rights"}),
        ("## Data\n\nWe may remove addresses that are out of use from our systems.", {"retention"}),
    ],
)
def test_third_persons_imperatives_and_plain_verbs_are_read_too(text: str, kinds: set[str]) -> None:
    assert set(mains(text)) == kinds


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("## Visits\n\nOur servers log the address from which you read.", {"collection"}),
        ("## Parcels\n\nWe often exchange details of a parcel with the carriers that bring it.", {"sharing"}),
        (
            "## Letters\n\nIf you are located in Norway or another country, you get our letter unless you tell us so.",
            {"rights"},
        ),
        (
            "## Who sees it\n\nWe may disclose Automatically Collected Information:\n\n- as the law requires.",
            {"sharing"},
        ),
        ("## Profiles\n\nWe process data with the aim of judging how readers behave (profiling).", {"purpose"}),
        ("## Parcels\n\nTo answer a court, we may need to disclose information we hold about you.", {"sharing"}),
        ("## Permission\n\nWe share your reading list, if you agree.", {"sharing"}),
        (
            "## Where it goes\n\nData is processed at our operating offices and in other places of our kind.",
            {"transfer"},
        ),
        (
            "## Grounds\n\nWe may process data where it is necessary for compliance with our legal obligations.",
            {"legal_basis"},
        ),
        ("## 广告\n\n您可以通过广告中的指示，要求我们停止为此使用您的信息。", {"rights"}),
        ("## 账号\n\n- 为保障您的权益，我们将获取手机唯一标识并收集您的设备信息。", {"collection"}),
        ("## 您的信息\n\n您可以联系客服，由其协助您更正或补充您的资料。", {"rights"}),
        ("## 注册\n\n您需要向本店提供您的收货手机号。", {"collection"}),
        ("## 素材\n\n处理完成后，我们将立即从服务器删除素材。", {"retention"}),
    ],
)
def test_whose_deed_it_is_and_what_it_reaches_decide_the_kind(text: str, kinds: set[str]) -> None:
    assert set(mains(text)) == kinds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            "## Terms\n\nIf you keep your name from us, we cannot provide you with the information that you ask for.",
            "sharing",
        ),
        ("## 售后\n\n当您提出售后申请时，我们需要您提供订单号。", "sale"),
        ("## 账号\n\n用户应妥善保管账号，不得出租、出借。", "sale"),
        ("## Place\n\nYour device asks whether its place is shared with us.", "sharing"),
        ("## Data\n\nWe collect details when you use our shop or from third parties.", "sharing"),
        ("## Data\n\nWe link your order with data that we collect from our partners to help you.", "sharing"),
        ("## Cookies\n\nYour browser can start the deletion of cookies when it is closed.", "retention"),
        ("## Claims\n\nWe process data to defend our right to be paid and to prevent fraud.", "rights"),
        ("## 分析\n\n本店不会将存储在分析软件中的信息与您的身份相结合。", "retention"),
        ("## 要求\n\n这些要求是为了保护我们和第三方的权利、财产和安全。", "rights"),
    ],
)
def test_a_word_that_only_looks_like_the_deed_tells_no_kind(text: str, kind: Kind) -> None:
    assert kind not in mains(text)
