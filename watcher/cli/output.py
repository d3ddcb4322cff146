"""Records as the JSON that tools rely on (DESIGN: contracts)."""

from __future__ import annotations

import json
from typing import Any

import click

from watcher.records import Reason, Verdict


def print_json(value: Any) -> None:
    """One JSON value on stdout, one line, nothing else."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


def reason_json(reason: Reason) -> dict[str, Any]:
    """One judged change."""
    change = reason.change
    kind = "purpose" if change.kind == "automated" else change.kind
    return {
        "kind": kind,
        "action": change.action,
        "material": reason.material,
        "subject": change.subject,
        "named": change.named,
        "before": change.before,
        "after": change.after,
        "quote_old": change.quote_old,
        "quote_new": change.quote_new,
        "section": change.section,
        "rule": reason.rule,
        "severity": reason.severity,
        "direction": reason.direction,
    }


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """A verdict with its reasons and changes."""
    return {
        "verdict": verdict.level,
        "headline": verdict.headline,
        "reasons": [{"rule": r.rule, "sentence": r.sentence} for r in verdict.reasons],
        "notes": list(verdict.notes),
        "changes": [reason_json(r) for r in verdict.reasons],
    }
