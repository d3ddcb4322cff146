"""From changes to a verdict, by named rules: what a privacy officer must be told, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from watcher.judge.rules import RULES, SEVERITIES
from watcher.judge.sentences import notes, sentence
from watcher.records import (
    LEVELS,
    Change,
    Direction,
    Document,
    Level,
    OperatorRule,
    Reading,
    Reason,
    Severity,
    Teaching,
    Verdict,
)

#: Stored with each verdict; raise it when the same changes may be judged otherwise.
JUDGE = "5"

#: What an operator's own verdict weighs.
OPERATOR: dict[Level, Severity] = {"material": "major", "minor": "minor", "noise": "cosmetic"}

_FIRST: tuple[Direction, ...] = ("expands", "neutral", "restricts")


def judge(
    changes: Sequence[Change],
    old: Reading,
    new: Reading,
    *,
    source: str | None = None,
    teaching: Teaching | None = None,
    language: str = "en",
) -> Verdict:
    """The verdict on `changes`, each with one Reason, the most severe first, of these what is worse for people.

    `language`: of the sentences.
    """
    operator = teaching.rules if teaching else ()
    silent = is_silent(old.document, new.document)
    reasons = [_reason(change, source, operator, language) for change in changes]
    if silent:
        reasons = [replace(r, severity="critical") if r.severity == "major" else r for r in reasons]
    reasons.sort(key=lambda r: (-SEVERITIES.index(r.severity), _FIRST.index(r.direction)))
    level = LEVELS[max((LEVELS.index(_level(r.severity)) for r in reasons), default=0)]
    return Verdict(
        level=level,
        headline=reasons[0].sentence if level != "noise" else "",
        reasons=tuple(reasons),
        notes=notes(level, reasons, old.document, new.document, silent=silent, language=language),
        judge=JUDGE,
    )


def is_silent(old: Document, new: Document) -> bool:
    """Whether the policy states a date of its own and that date did not move (FTC, February 2024: quiet changes)."""
    before, after = ({(d.role, d.value) for d in document.dates if d.value} for document in (old, new))
    return bool(before) and before == after


def _level(severity: Severity) -> Level:
    return "noise" if severity == "cosmetic" else "minor" if severity == "minor" else "material"


def _reason(change: Change, source: str | None, operator: Sequence[OperatorRule], language: str) -> Reason:
    """The first of the operator's rules that fits, else the first of ours."""
    rule = next(rule for rule in RULES if rule.fits(change))
    name, severity = rule.id, rule.severity
    for own in operator:
        if operator_fits(own, change, source):
            name, severity = "operator", OPERATOR[own.verdict]
            break
    return Reason(
        rule=name,
        severity=severity,
        direction=rule.direction_of(change),
        sentence=sentence(change, language),
        change=change,
    )


def operator_fits(rule: OperatorRule, change: Change, source: str | None) -> bool:
    """Whether an operator's rule speaks on `change` of the source with id `source`."""
    return (
        (rule.source is None or rule.source == source)
        and (rule.kind is None or rule.kind == change.kind)
        and (rule.subject is None or rule.subject.casefold() in change.subject.casefold())
    )
