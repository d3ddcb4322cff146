"""A clause gives the facts that a reader would name."""

from __future__ import annotations

from watcher.facts import clause_facts
from watcher.lang.words import clause_hash
from watcher.records import Clause, Fact, Kind


def read(text: str, kind: Kind, *, language: str = "en", lead: str = "") -> list[Fact]:
    clause = Clause(text=text, lead=lead, anchor="a", language=language, hash=clause_hash(text))
    return [f for f in clause_facts(clause) if f.kind == kind]


def test_a_quote_is_an_exact_part_of_its_clause() -> None:
    text = "Hello there. We share your data with Acme Inc. and with Zendesk. We keep logs for 30 days."
    for fact in clause_facts(Clause(text=text, anchor="a", hash="h")):
        assert text[fact.start : fact.end] == fact.quote


def test_named_recipients_are_read_from_an_enumeration() -> None:
    assert {f.key for f in read("We share device data with Zendesk, SendGrid and Facebook, Inc.", "sharing")} >= {
        "zendesk",
        "sendgrid",
        "meta",
    }


def test_a_retention_period_has_a_value_and_a_norm() -> None:
    (fact,) = read("We keep server logs for up to twelve (12) months.", "retention")
    assert (fact.value, fact.norm, fact.key) == ("up to twelve (12) months", "P1Y max", "server log")


def test_a_chinese_retention_period_is_read() -> None:
    (fact,) = read("我们将在12个月内删除您的个人信息。", "retention", language="zh")
    assert fact.norm == "P1Y max"


def test_the_age_is_the_value_of_a_children_fact() -> None:
    (fact,) = read("We do not knowingly collect data from individuals under the age of 14.", "children")
    assert (fact.key, fact.value) == ("child age", "14")
