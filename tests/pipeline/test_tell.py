"""Who is told what: filters of channels, rules and teaching of the operator."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.pipeline.pages import CHANNEL, SOURCE, URL, Web, policy, watching
from watcher.config import load
from watcher.pipeline.check import check
from watcher.pipeline.tell import channels_of
from watcher.pipeline.watch import Watch
from watcher.records import CheckResult
from watcher.store import alerts

RETENTION = ("6 months", "24 months")
CHILDREN = ("under 14", "under 16")


def changed(tmp_path: Path, words: tuple[str, str], toml: str = "", extra: str = "") -> CheckResult:
    """What a check comes to after the policy changed, under a configuration with these tables."""
    file = tmp_path / "sources.toml"
    file.write_text(f'{toml}\n[[source]]\nid = "northwind"\nvendor = "Northwind"\nurl = "{URL}"\n')
    web = Web({URL: policy()})
    watch = replace(watching(tmp_path, web, confirm=False), teaching=load(file).teaching)
    asyncio.run(check(watch, SOURCE))
    web.clock.turn(hours=1)
    web.pages[URL] = policy(replace=words, extra=(extra,) if extra else ())
    result = asyncio.run(check(watch, SOURCE))
    watch.store.close()
    return result


@pytest.mark.parametrize(
    ("rule", "level"),
    [
        ("", "material"),
        ('verdict = "minor"\nkind = "retention"', "minor"),
        ('verdict = "noise"\nsource = "northwind"\nsubject = "account data"', "noise"),
        ('verdict = "minor"\nkind = "children"', "material"),
    ],
)
def test_an_operator_s_rule_decides_what_a_change_weighs_and_whether_it_is_told(
    tmp_path: Path, rule: str, level: str
) -> None:
    result = changed(tmp_path, RETENTION, f"[[rule]]\n{rule}" if rule else "")
    assert result.verdict is not None
    assert result.verdict.level == level
    assert (result.alert is not None) == (level != "noise")


def test_a_recipient_that_the_operator_taught_is_recognised_by_its_other_name(tmp_path: Path) -> None:
    taught = '[[recipient]]\nname = "Quuxify"\naliases = ["Zorble"]'
    result = changed(tmp_path, ("", ""), taught, "We share your e-mail address with Zorble.")
    assert result.verdict is not None
    assert [r.change.old or r.change.new for r in result.verdict.reasons if r.change.kind == "sharing"]
    assert any(r.change.new and r.change.new.key == "quuxify" for r in result.verdict.reasons)


def test_a_channel_hears_of_its_vendors_and_tags_only(tmp_path: Path) -> None:
    web = Web({URL: policy()})
    wants = {
        "all": CHANNEL,
        "this": replace(CHANNEL, vendors=("Northwind", "Other")),
        "other": replace(CHANNEL, vendors=("Other",)),
        "tagged": replace(CHANNEL, tags=("camera",)),
        "asked-only": replace(CHANNEL, default=False),
    }
    watch: Watch = watching(tmp_path, web)
    watch = replace(watch, channels=tuple(replace(channel, id=id) for id, channel in wants.items()))
    assert [c.id for c in channels_of(watch, SOURCE)] == ["all", "this"]
    tagged = replace(SOURCE, tags=("camera",))
    assert [c.id for c in channels_of(watch, tagged)] == ["all", "this", "tagged"]
    assert [c.id for c in channels_of(watch, replace(SOURCE, channels=("asked-only",)))] == ["asked-only"]
    watch.store.close()


def test_a_minor_change_waits_for_the_digest_and_a_material_one_goes_at_once(tmp_path: Path) -> None:
    web = Web({URL: policy()})
    watch: Watch = watching(tmp_path, web, confirm=False)
    daily = replace(CHANNEL, minor="daily", timezone="Asia/Shanghai")
    watch = replace(watch, channels=(daily,))
    asyncio.run(check(watch, SOURCE))
    dues = []
    for words in (("privacy@northwind.example", "dpo@northwind.example"), RETENTION):
        web.clock.turn(hours=1)
        web.pages[URL] = policy(replace=words)
        result = asyncio.run(check(watch, SOURCE))
        assert result.alert is not None
        [delivery] = alerts.deliveries(watch.store, result.alert)
        dues.append((result.verdict and result.verdict.level, delivery.digest, delivery.due_at))
    watch.store.close()
    eight_in_shanghai = web.clock.now.replace(day=2, hour=0)
    assert dues == [("minor", True, eight_in_shanghai), ("material", False, web.clock.now)]


def test_a_source_or_a_channel_may_do_without_minor_changes(tmp_path: Path) -> None:
    web = Web({URL: policy()})
    watch: Watch = watching(tmp_path, web, confirm=False)
    watch = replace(watch, channels=(CHANNEL, replace(CHANNEL, id="urgent", verdicts=("material",))))
    asyncio.run(check(watch, SOURCE))
    told = []
    for source, address in ((SOURCE, "dpo"), (replace(SOURCE, alert_on=("material",)), "data")):
        web.clock.turn(hours=1)
        web.pages[URL] = policy(replace=("privacy@northwind.example", f"{address}@northwind.example"))
        result = asyncio.run(check(watch, source))
        assert result.verdict is not None
        assert result.verdict.level == "minor"
        told.append(result.alert and [d.channel for d in alerts.deliveries(watch.store, result.alert)])
    watch.store.close()
    assert told == [["desk"], None]
