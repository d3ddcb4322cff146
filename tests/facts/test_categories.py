"""A clause's practice is read from its words and its heading, in English and in Chinese."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from watcher.facts.categories import CATEGORIES, categories, clause_categories, explain
from watcher.records import Clause

ENGLISH = [
    ("We collect your name, your postal address and the pages you visit when you register.", "collection_use"),
    ("We share your contact details with our service providers and with advertising partners.", "sharing"),
    ("We set cookies and web beacons that recognise your browser.", "tracking"),
    ("We retain order records for six years; after that they will be deleted.", "retention"),
    ("Data may be transferred to other countries outside the European Economic Area.", "transfer"),
    ("We use encryption and firewalls against unauthorized access.", "security"),
    ("You have the right to access your data and to request a copy of it.", "rights"),
    ("You can opt out at any time; to unsubscribe, change your settings.", "choice"),
    ("We do not knowingly serve children under 13 without parental consent.", "children"),
    ("California residents have further rights under the California Consumer Privacy Act.", "regional"),
    ("We may update this policy; material changes will be posted here.", "policy_change"),
    ("If you have any questions, please contact us at the postal address below.", "contact"),
    ("We are not responsible for the privacy practices of linked websites.", "other"),
]
CHINESE = [
    ("当您注册账号时，我们会收集您的手机号码和昵称。", "collection_use"),
    ("我们可能会将您的订单信息共享给合作伙伴和服务提供商。", "sharing"),
    ("我们使用Cookie和网络信标等同类技术。", "tracking"),
    ("个人信息的保存期限为三年，超出期限后将匿名化处理。", "retention"),
    ("未经单独同意，我们不会将数据出境，也不会跨境传输。", "transfer"),
    ("我们采用加密技术和防火墙，防止数据泄露。", "security"),
    ("您有权查阅、更正您的个人信息，也可以注销账号。", "rights"),
    ("您可以选择关闭权限，撤回同意。", "choice"),
    ("未成年人应在监护人陪同下使用。", "children"),
    ("本政策发生重大变更时，我们会以弹窗公告，更新后的版本自公布时生效。", "policy_change"),
    ("如有任何疑问，请拨打客服电话与我们联系。", "contact"),
]


@pytest.mark.parametrize(("text", "main"), ENGLISH)
def test_an_english_clause_has_its_main_category_first(text: str, main: str) -> None:
    assert categories(text)[0] == main


@pytest.mark.parametrize(("text", "main"), CHINESE)
def test_a_chinese_clause_has_its_main_category_first(text: str, main: str) -> None:
    assert categories(text, language="zh")[0] == main


def test_a_text_about_nothing_known_is_other() -> None:
    assert categories("Lorem ipsum dolor.") == ("other",)


def test_the_heading_speaks_where_the_text_is_silent() -> None:
    assert categories("Up to twelve weeks.", heading="How long we keep it: retention")[0] == "retention"


def test_a_list_item_is_read_with_its_lead() -> None:
    item = Clause(text="Amber Maps", shape="item", lead="We share your data with third parties:", anchor="a", hash="h")
    assert clause_categories(item)[0] == "sharing"


def test_every_category_given_shows_the_words_that_decided() -> None:
    for weighing in explain("We share your data with advertisers. We retain it for six years.", heading="Disclosure"):
        assert weighing.category in CATEGORIES
        assert weighing.words


@pytest.mark.shared
@pytest.mark.parametrize(
    ("sample", "figures"),
    [("opp115_dev.jsonl", {"micro": 0.72, "macro_f1": 0.66}), ("ca4p483_dev.jsonl", {"first_right": 0.76})],
)
def test_labelled_sets_of_others_are_read_as_well_as_before(
    shared: Path, sample: str, figures: dict[str, float]
) -> None:
    command = [sys.executable, str(shared / "eval" / "score.py"), "classify", str(shared / "nlp" / sample)]
    run = subprocess.run(
        [*command, "--watcher", f"{sys.executable} -m watcher"], capture_output=True, text=True, check=True, timeout=100
    )
    got = json.loads(run.stdout)
    got["micro"] = got["micro"]["f1"]
    assert {name: got[name] >= floor for name, floor in figures.items()} == dict.fromkeys(figures, True), got
