"""A benchmark without end: scripted edits of our own policies, whose answers are known.

Each case is a base policy of tests/policies, one edit, and what a monitor must say of it. Edits that change nothing
(`noise`) are functions of the text; edits that change something are templates filled with names, times, ages and
places. `cases(seed, n)` draws; the same seed gives the same cases.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from watcher.records import Action, Kind, Level

POLICIES = Path(__file__).parent / "policies"


@dataclass(frozen=True, slots=True)
class Case:
    """One edit of one policy, and its answer."""

    name: str
    old: str
    new: str
    verdict: Level
    kind: Kind | None = None  #: of the change that must be told; None: no material change may be
    action: Action | None = None
    subject: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """Words of a base policy and what they may become. {} stands for a drawn word."""

    base: str
    old: str
    new: str
    kind: Kind
    action: Action
    draw: tuple[str, ...] = ("",)  #: what {} may be
    subject: str = "{}"
    before: str = ""
    after: str = ""


NAMES = ("Getui", "Criteo", "Zendesk", "Braze", "Twilio", "Hotjar", "AppsFlyer", "Snowflake", "Klaviyo", "Taboola")
CHINESE = ("个推", "极光推送", "阿里云", "腾讯云", "字节跳动", "百度", "神策数据", "华为云")
TIMES = ("12 months", "24 months", "10 years", "90 days", "two years", "36 months")
PLACES = ("Singapore", "India", "Brazil", "Japan")
ENGLISH_DATA = ("your household income", "your employer", "your blood type", "your voice recordings", "your job title")

TEMPLATES: tuple[Template, ...] = (
    # what is covered, what a label or a lead announces, how changes are told
    Template(
        "app_en",
        "This notice applies to the Pacer app and to",
        "This notice applies to the Pacer app, the {} app and to",
        "scope",
        "added",
        ("Pacer Trail", "Pacer Kids", "Pacer Bike"),
    ),
    Template(
        "app_en",
        "We do not use your health data for advertising.",
        "We do not use your health data for advertising.\n\nThese records are read by our staff in order to:\n\n"
        "- screen {} for spam",
        "purpose",
        "added",
        ("club messages", "run comments", "route names"),
        "for spam",
    ),
    Template(
        "app_en",
        "We will not rent your information to third parties.",
        "We will not rent your information to third parties. Stride may ‘sell’ or ‘share’ personal information{}.",
        "sale",
        "added",
        (" today", " in future"),
        "sell",
    ),
    Template(
        "app_en",
        "## 4. Retention\n",
        "## 4. Retention\n\nStorage period of club chats: {}\n",
        "retention",
        "added",
        ("8 months", "14 months", "5 years"),
        "",
        "",
        "{}",
    ),
    # recipients
    Template(
        "shop_en", "with DHL and Royal Mail, which", "with DHL, {} and Royal Mail, which", "sharing", "added", NAMES
    ),
    Template("shop_en", "sent by Mailchimp, to which", "sent by Mailchimp and {}, to which", "sharing", "added", NAMES),
    Template("shop_en", "handled by Stripe, which", "handled by Stripe or {}, which", "sharing", "added", NAMES),
    Template(
        "shop_en",
        "Our accountants may see",
        "We share your e-mail address with {} for marketing. Our accountants may see",
        "sharing",
        "added",
        NAMES,
    ),
    Template(
        "shop_en",
        "with DHL and Royal Mail, which bring",
        "with DHL, which brings",
        "sharing",
        "removed",
        subject="Royal Mail",
    ),
    Template(
        "app_en",
        "| Zendesk | support |",
        "| {} | analytics | usage data |\n| Zendesk | support |",
        "sharing",
        "added",
        tuple(n for n in NAMES if n != "Zendesk"),
    ),
    Template(
        "app_en",
        "| Firebase | crash reports | device model, crash reports |\n",
        "",
        "sharing",
        "removed",
        subject="Firebase",
    ),
    Template("shop_zh", "提供给顺丰速运，用于", "提供给顺丰速运和{}，用于", "sharing", "added", CHINESE),
    Template("shop_zh", "我们不会出售", "我们会将您的设备标识信息提供给{}。我们不会出售", "sharing", "added", CHINESE),
    # times
    Template(
        "shop_en", "help desk for 18 months", "help desk for {}", "retention", "changed", TIMES, "", "18 months", "{}"
    ),
    Template(
        "shop_en",
        "order records for 6 years",
        "order records for {}",
        "retention",
        "changed",
        TIMES,
        "",
        "6 years",
        "{}",
    ),
    Template(
        "shop_en", "deleted after 30 days", "deleted after {}", "retention", "changed", TIMES, "", "30 days", "{}"
    ),
    Template(
        "shop_en",
        "Server logs are deleted after 30 days.\n\n",
        "",
        "retention",
        "removed",
        subject="",
        before="30 days",
    ),
    Template(
        "app_en",
        "deleted 24 months after",
        "deleted 48 months after",
        "retention",
        "changed",
        subject="",
        before="24 months",
        after="48 months",
    ),
    Template(
        "app_en",
        "kept for 90 days",
        "kept for {}",
        "retention",
        "changed",
        ("180 days", "12 months"),
        "",
        "90 days",
        "{}",
    ),
    Template(
        "shop_zh",
        "日志信息的保存期限为六个月",
        "日志信息的保存期限为{}",
        "retention",
        "changed",
        ("十二个月", "三年", "180天"),
        "",
        "六个月",
        "{}",
    ),
    Template(
        "shop_en",
        "requests within 30 days",
        "requests within {}",
        "rights",
        "changed",
        ("45 days", "90 days"),
        "",
        "30 days",
        "{}",
    ),
    Template("shop_zh", "在15日内答复", "在{}内答复", "rights", "changed", ("30日", "30个工作日"), "", "15日", "{}"),
    # data
    Template("shop_en", "your date of birth and", "your date of birth, {} and", "collection", "added", ENGLISH_DATA),
    Template(
        "shop_en",
        "Data that we collect\n",
        "Data that we collect\n\nWe also collect {} from public sources.\n",
        "collection",
        "added",
        ENGLISH_DATA,
    ),
    Template(
        "app_en", "your precise location, your speed", "your speed", "collection", "removed", subject="precise location"
    ),
    Template(
        "shop_zh", "您的浏览记录、搜索记录", "您的浏览记录、通讯录、搜索记录", "collection", "added", subject="通讯录"
    ),
    Template(
        "shop_zh",
        "我们会收集您的手机号码和昵称",
        "我们会收集您的手机号码、身份证号码和昵称",
        "collection",
        "added",
        subject="身份证",
    ),
    # purposes
    Template(
        "shop_en",
        "- to improve the search",
        "- to show you personalised advertising\n- to improve the search",
        "purpose",
        "added",
        subject="advertising",
    ),
    Template(
        "app_en",
        "to find and mend faults",
        "to find and mend faults and to train our machine learning models",
        "purpose",
        "added",
        subject="machine learning",
    ),
    Template(
        "shop_en",
        "We do not use your data to train artificial intelligence models.\n\n",
        "",
        "purpose",
        "removed",
        subject="",
    ),
    # rights and choices
    Template(
        "shop_en",
        "You may withdraw your consent at any time, without giving a reason.\n\n",
        "",
        "rights",
        "removed",
        subject="",
    ),
    Template("app_en", "You can download a copy of your runs.\n\n", "", "rights", "removed", subject=""),
    Template(
        "app_en",
        "You may opt out of product e-mails through the link in each of them.\n\n",
        "",
        "rights",
        "removed",
        subject="",
    ),
    Template("shop_zh", "您可以注销您的账号。\n\n", "", "rights", "removed", subject=""),
    # sale, children, places, tracking
    Template(
        "shop_en",
        "We do not sell your personal data, and",
        "We sell your personal data to partners, but",
        "sale",
        "changed",
        subject="",
    ),
    Template(
        "app_en",
        "at least 13 years old",
        "at least {} years old",
        "children",
        "changed",
        ("14", "16", "18"),
        "",
        "13",
        "{}",
    ),
    Template("shop_zh", "未满14周岁", "未满{}周岁", "children", "changed", ("16", "18"), "", "14", "{}"),
    Template("shop_en", "servers in Ireland", "servers in Ireland and {}", "transfer", "added", PLACES),
    Template(
        "app_en",
        "rely on the EU-U.S. Data Privacy Framework",
        "rely on standard contractual clauses",
        "transfer",
        "changed",
        subject="",
    ),
    Template("shop_zh", "我们在中国境内存储", "我们在中国境内和新加坡存储", "transfer", "added", subject="新加坡"),
    Template("shop_en", "We honour Do Not Track", "We do not honour Do Not Track", "tracking", "changed", subject=""),
    Template(
        "app_en",
        "We do not use advertising identifiers.",
        "We use advertising identifiers.",
        "tracking",
        "changed",
        subject="",
    ),
)


# --- edits that change nothing --------------------------------------------------------------------------------------


def bullets(text: str, _: random.Random) -> str:
    """Another list marker."""
    return re.sub(r"(?m)^- ", "*   ", text)


def quotes(text: str, _: random.Random) -> str:
    """Typographic quotes and dashes."""
    return re.sub(r'"([^"\n]*)"', r"“\1”", text).replace("'", "’")


def spaces(text: str, rnd: random.Random) -> str:
    """Blank lines, and spaces at the end of lines."""
    return "\n".join(line + " " * rnd.randrange(3) for line in text.replace("\n\n", "\n\n\n").split("\n"))


def sections_moved(text: str, rnd: random.Random) -> str:
    """Two sections change places."""
    head, *sections = re.split(r"(?m)^(?=## )", text)
    i, j = rnd.sample(range(len(sections)), 2)
    sections[i], sections[j] = sections[j].rstrip("\n") + "\n\n", sections[i].rstrip("\n") + "\n\n"
    return head + "".join(s.rstrip("\n") + "\n\n" for s in sections)


def paragraphs_joined(text: str, rnd: random.Random) -> str:
    """Neighbouring paragraphs become one."""
    spot = rnd.choice([m.start() for m in re.finditer(r"(?<=[.。])\n\n(?=[A-Z一-鿿])", text)])
    return text[:spot] + " " + text[spot + 2 :]


def emphasis(text: str, rnd: random.Random) -> str:
    """A word set in bold."""
    words = list(re.finditer(r"(?<=\s)[a-z]{5,}(?=\s)", text))
    if not words:
        return text.replace("您的个人信息", "**您的个人信息**", 1)
    m = rnd.choice(words)
    return f"{text[: m.start()]}**{m.group()}**{text[m.end() :]}"


def typo(text: str, rnd: random.Random) -> str:
    """Two letters of a word change places."""
    words = list(re.finditer(r"\b[a-z]{8,}\b", text))
    if not words:
        return spaces(text, rnd)
    m = rnd.choice(words)
    at = m.start() + 3
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


NOISE: tuple[Callable[[str, random.Random], str], ...] = (
    bullets, quotes, spaces, sections_moved, paragraphs_joined, emphasis, typo,
)  # fmt: skip


def base(name: str) -> str:
    """One of our own policies."""
    return (POLICIES / f"{name}.md").read_text(encoding="utf8")


def bases() -> list[str]:
    """The names of our own policies."""
    return sorted(p.stem for p in POLICIES.glob("*.md"))


def real_edits(rnd: random.Random) -> Iterator[Case]:
    """Every template once, its words drawn."""
    for i, template in enumerate(TEMPLATES):
        text, drawn = base(template.base), rnd.choice(template.draw)
        assert template.old in text, template
        yield Case(
            name=f"{template.base} {i}: {template.kind} {template.action} {drawn}".strip(),
            old=text,
            new=text.replace(template.old, template.new.replace("{}", drawn), 1),
            verdict="material",
            kind=template.kind,
            action=template.action,
            subject=template.subject.replace("{}", drawn),
            before=template.before.replace("{}", drawn),
            after=template.after.replace("{}", drawn),
        )


def noise_edits(rnd: random.Random) -> Iterator[Case]:
    """Every sort of noise once on every policy."""
    for name in bases():
        for edit in NOISE:
            text = base(name)
            yield Case(name=f"{name}: {edit.__name__}", old=text, new=edit(text, rnd), verdict="noise")


def cases(seed: int) -> list[Case]:
    """One round of all templates and all noise."""
    rnd = random.Random(seed)
    return [*real_edits(rnd), *noise_edits(rnd)]
