"""Twelve policy changes of companies that do not exist, and the three other sorts of alert: what the snapshots show."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.notify.cast import NOON, RETENTION, alert, dated, reason, version
from watcher.records import Alert, Verdict

LANTERN = {"source": "lantern", "vendor": "灯塔相机", "url": "https://lantern-cam.example/zh/privacy"}

PLOVER_QUOTE = (
    "We share device identifiers and order history with Brightline Ads and Plover Analytics for their own advertising."
)


def _sharing() -> Alert:
    new = {"kind": "sharing", "action": "added", "named": True, "quote_new": PLOVER_QUOTE, "section": SECTION}
    return alert(
        reason("critical", sentence="Adds Brightline Ads as a recipient", subject="Brightline Ads", **new),
        reason("critical", sentence="Adds Plover Analytics as a recipient", subject="Plover Analytics", **new),
        RETENTION,
        reason(
            "minor", "neutral", kind="contact", subject="e-mail", before="help@a.example", after="privacy@a.example"
        ),
        reason("minor", "neutral", kind="date", subject="last updated"),
        reason("cosmetic", "neutral", kind="editorial", subject="a comma", words=True),
        before=version(1, dated("updated", 2025, 3, 1), seen=NOON - timedelta(days=200)),
        after=version(2, dated("updated", 2026, 11, 20), dated("effective", 2027, 1, 1)),
    )


SECTION = "Privacy policy > 4 Who we share with > 4.2 Partners"


def _retention() -> Alert:
    still = dated("updated", 2025, 3, 1)
    return alert(
        RETENTION,
        id=13,
        before=version(1, still, seen=NOON - timedelta(days=200)),
        after=version(2, still, dated("effective", 2027, 1, 1)),
        verdict=Verdict(
            level="material",
            headline="Keeps account data 24 months instead of 6 months",
            reasons=(RETENTION,),
            notes=("The text changed, its stated date did not.", "Takes effect on 2027-01-01."),
            judge="1",
        ),
    )


def _promise_gone() -> Alert:
    return alert(
        reason(
            "critical",
            sentence="No longer says on selling data: “We never sell your personal data.”",
            kind="sale",
            action="removed",
            subject="We never sell your personal data.",
            quote_old="We never sell your personal data.",
            section="Privacy policy > 4 Who we share with",
            words=True,
        ),
        reason(
            "major",
            sentence="Rewords security: “may encrypt” instead of “encrypt”",
            kind="security",
            subject="encryption",
            before="encrypt",
            after="may encrypt",
            quote_old="We encrypt backups of your recordings and test the restore every month.",
            quote_new="We may encrypt backups of your recordings and test the restore every month.",
            section="Privacy policy > 7 Security",
            signals=("will -> may",),
            words=True,
        ),
        id=14,
    )


def _age() -> Alert:
    return alert(
        reason(
            sentence="Changes the age limit: 13 instead of 16",
            kind="children",
            subject="Minimum age",
            before="16",
            after="13",
            quote_old="Our lamps' app is not meant for anybody under 16 years of age.",
            quote_new="Our lamps' app is not meant for anybody under 13 years of age.",
            section="Privacy policy > 9 Children",
        ),
        id=15,
        before=version(1, dated("updated", 2025, 3, 1), seen=NOON - timedelta(days=200)),
        after=version(2, dated("updated", 2026, 11, 20), dated("effective", 2026, 11, 20)),
    )


def _transfer() -> Alert:
    return alert(
        reason(
            sentence="Changes the place of transfer (customer records): Norland instead of the Free Isles",
            kind="transfer",
            subject="customer records",
            before="the Free Isles",
            after="Norland",
            quote_old="Customer records are stored in the Free Isles.",
            quote_new="Customer records are stored in Norland, where our new parent company has its data centre.",
            section="Privacy policy > 6 Where data is kept",
        ),
        reason(
            sentence="Adds a responsible party: Norland Lighting Group",
            kind="controller",
            action="added",
            subject="Norland Lighting Group",
            quote_new="Harbour Lamps and Norland Lighting Group are jointly responsible for your data.",
            section="Privacy policy > 1 About us",
        ),
        id=16,
    )


def _minor() -> Alert:
    return alert(
        reason(
            "minor",
            "neutral",
            "Changes contact details (e-mail): privacy@harbour-lamps.example instead of hello@harbour-lamps.example",
            kind="contact",
            subject="e-mail",
            before="hello@harbour-lamps.example",
            after="privacy@harbour-lamps.example",
            quote_old="Write to hello@harbour-lamps.example.",
            quote_new="Write to privacy@harbour-lamps.example.",
            section="Privacy policy > 10 Contact",
        ),
        reason("cosmetic", "neutral", kind="editorial", subject="a comma", words=True),
        id=17,
    )


LONG_OLD = (
    "When you connect a lamp to the service, visit the shop or write to our staff, we may receive the address of your "
    "network, the model of your telephone, the language it is set to, the time of your visit and the pages you looked "
    "at, and we use this for a period of ninety days to find faults, to answer your questions, to make the shop easier "
    "to use, and, where the law obliges us to, to answer a court; we do not combine it with what you bought or with "
    "anything that other companies tell us about you, and we delete it without being asked when the period is over."
)
LONG_NEW = LONG_OLD.replace("we do not combine it", "we may combine it").replace(
    "when the period is over", "once it is no longer useful to us"
)


def _long() -> Alert:
    return alert(
        reason(
            "critical",
            sentence="Rewords what data is used for: “we may combine it” instead of “we do not combine it”",
            kind="purpose",
            subject="combination",
            before="we do not combine it",
            after="we may combine it",
            quote_old=LONG_OLD,
            quote_new=LONG_NEW,
            section="Privacy policy > 2 What we collect",
            signals=("negation lost",),
            words=True,
        ),
        reason(
            sentence="Adds on tracking: “…”",
            kind="tracking",
            action="added",
            subject="beacons",
            quote_new=" ".join(
                f"Beacon number {n} reports which lamp is nearest to your telephone." for n in range(1, 31)
            ),
            section="Privacy policy > 8 Beacons",
        ),
        id=18,
    )


def _hostile() -> Alert:
    """A page that tries its luck: mentions, links, HTML, terminal codes, writing turned round."""
    evil = (
        "<!channel> *free* <https://evil.example|win> & <script>alert(1)</script> \x1b[31mred\x1b[0m \u202egnorts\u202c"
    )
    return alert(
        reason(
            sentence=f"Adds {evil} as a recipient",
            kind="sharing",
            action="added",
            subject=evil,
            quote_new=f"We share everything with {evil}\r\nSubject: urgent\r\n\r\nand with nobody else in the world.",
            section="<b>4</b> > `rm -rf`",
        ),
        id=19,
        vendor="Harbour\r\nBcc: eve@evil.example & <@U123> Lamps",
        url="javascript:alert(1)",
    )


def _chinese() -> Alert:
    return alert(
        reason(
            "critical",
            sentence="新增接收方：晨星推送",
            kind="sharing",
            action="added",
            subject="晨星推送",
            named=True,
            quote_new="为实现消息推送，我们会向晨星推送SDK提供您的设备标识符和位置信息。",
            section="隐私政策 > 四、第三方SDK",
        ),
        reason(
            sentence="录像的保存期限由6个月改为24个月",
            subject="录像",
            before="6个月",
            after="24个月",
            quote_old="我们将保存您的录像6个月，期满后予以删除。",
            quote_new="我们将保存您的录像24个月，期满后予以匿名化处理。",
            section="隐私政策 > 五、保存期限",
        ),
        id=20,
        **LANTERN,
        before=version(1, dated("updated", 2025, 3, 1), source="lantern", seen=NOON - timedelta(days=200)),
        after=version(2, dated("updated", 2026, 11, 20), dated("effective", 2026, 12, 1), source="lantern"),
    )


def _chinese_rights() -> Alert:
    return alert(
        reason(
            "critical",
            sentence="不再说明（个人权利）：“您可以随时注销账号，我们将在十五日内删除您的个人信息。”",
            kind="rights",
            action="removed",
            subject="注销账号",
            quote_old="您可以随时注销账号，我们将在十五日内删除您的个人信息。",
            section="隐私政策 > 六、您的权利",
            words=True,
        ),
        id=21,
        **LANTERN,
    )


def _chinese_transfer() -> Alert:
    return alert(
        reason(
            sentence="存储地点由境内改为诺兰",
            kind="transfer",
            subject="个人信息的存储地点",
            before="境内",
            after="诺兰",
            quote_old="您的个人信息存储于境内，我们不会将其传输至境外。",
            quote_new="您的个人信息存储于诺兰，我们可能将其传输至关联公司所在地。",
            section="隐私政策 > 七、存储与跨境传输",
        ),
        reason(
            sentence="未成年人年龄由14周岁改为12周岁",
            kind="children",
            subject="未成年人年龄",
            before="14周岁",
            after="12周岁",
            quote_old="不满14周岁的未成年人应在监护人陪同下使用本产品。",
            quote_new="不满12周岁的未成年人应在监护人陪同下使用本产品。",
            section="隐私政策 > 八、未成年人保护",
        ),
        id=22,
        **LANTERN,
    )


def _many() -> Alert:
    places = (
        "Atlas",
        "Borealis",
        "Cormorant",
        "Dune",
        "Ember",
        "Fjord",
        "Gull",
        "Heron",
        "Inlet",
        "Jetty",
        "Kelp",
        "Loom",
    )
    return alert(
        *(
            reason(
                sentence=f"Adds {name} Partners as a recipient",
                kind="sharing",
                action="added",
                subject=f"{name} Partners",
                quote_new=f"{name} Partners receives the serial number of your lamp.",
                section="Privacy policy > Annex A",
            )
            for name in places
        ),
        id=23,
    )


ALERTS: dict[str, tuple[Alert, str]] = {
    "sharing": (_sharing(), "en"),
    "retention": (_retention(), "en"),
    "promise-gone": (_promise_gone(), "en"),
    "age": (_age(), "en"),
    "transfer": (_transfer(), "en"),
    "minor": (_minor(), "en"),
    "long": (_long(), "en"),
    "hostile": (_hostile(), "en"),
    "chinese": (_chinese(), "en"),
    "chinese-rights": (_chinese_rights(), "en"),
    "chinese-frame": (_chinese_transfer(), "zh"),
    "many": (_many(), "en"),
    "problem": (
        alert(
            id=24,
            type="problem",
            headline="Harbour Lamps: the page cannot be reached",
            detail="Three checks in a row found no server under that name. Open the address in a browser; if the page "
            "has moved, change `url` of source harbour in sources.toml.",
            verdict=None,
        ),
        "en",
    ),
    "recovery": (
        alert(
            id=25,
            type="recovery",
            headline="Harbour Lamps: the page is checked again",
            detail="It could not be reached for 5 h 20 min. The policy is the same as before.",
            verdict=None,
        ),
        "en",
    ),
    "report": (
        alert(
            id=26,
            type="report",
            source="watcher",
            vendor="Policy Watcher",
            url="",
            headline="Not all is well; to look at: 2",
            detail="4 of 5 policies were verified within their promise. Cannot be checked: Harbour Lamps. "
            "Channels that refuse for now, with messages kept for them: mail-dpo. 2 messages are on their way.",
            verdict=None,
        ),
        "en",
    ),
    "channel": (
        alert(
            id=27,
            type="channel",
            source="watcher",
            vendor="Policy Watcher",
            url="",
            headline="Channel mail-dpo has stopped: it refuses messages for good",
            detail="Its last answer: dpo@office.example: 550 5.1.1 no such mailbox. Messages for it "
            "are kept. Mend its address in sources.toml, then `systemctl reload watcher` or "
            "`watcher notify retry mail-dpo`.",
            verdict=None,
        ),
        "en",
    ),
    "test": (alert(id=0, type="test", source="test", vendor="Policy Watcher", url="", verdict=None, headline=""), "en"),
}
"""Name of a snapshot -> the alert and the language of its message."""


def _digests() -> dict[str, tuple[list[Alert], str]]:
    by_name = {name: told for name, (told, _) in ALERTS.items()}
    acorn = replace(by_name["minor"], id=31, source="acorn", vendor="Acorn Toys", url="https://acorn.example/privacy")
    busy = ("problem", "minor", "many", "sharing", "chinese", "recovery", "hostile")
    return {
        "digest-weekly": ([by_name["minor"], acorn], "en"),
        "digest-busy": ([by_name[name] for name in busy], "en"),
        "digest-chinese": ([by_name["chinese-frame"], by_name["minor"]], "zh"),
    }


DIGESTS: dict[str, tuple[list[Alert], str]] = _digests()
"""Name of a snapshot -> the alerts of a digest and its language."""
