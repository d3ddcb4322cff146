"""Records as the JSON that tools rely on (DESIGN: contracts)."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click

from watcher.records import Fact, Reason, Verdict, VersionInfo


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


def when(moment: datetime | None) -> str:
    """A moment for people: UTC, to the minute; a dash for none."""
    return "-" if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def iso(moment: datetime | None) -> str | None:
    """A moment for tools: ISO 8601, UTC."""
    return None if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table: drawn and wrapped on a terminal, plain aligned columns in a pipe."""
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(*columns, box=None, header_style="bold", padding=(0, 2, 0, 0))
        for row in texts:
            table.add_row(*(Text(cell, style=STYLES.get(cell, "")) for cell in row))
        Console().print(table)
        return
    widths = [max(map(len, column)) for column in zip(columns, *texts, strict=True)]
    for row in [list(columns), *texts]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


#: how words that need an eye look on a terminal; NO_COLOR is obeyed
STYLES = {"material": "bold red", "failing": "red", "failed": "red", "rejected": "red", "stale": "red"} | dict.fromkeys(
    ("flapping", "candidate", "minor"), "yellow"
)


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Callable[..., None]]:
    """A bar on a terminal, nothing in a pipe or for a single thing. Gives what moves it (see rich: Progress.update)."""
    if not sys.stderr.isatty() or total == 1:
        yield lambda **_: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(what, total=total)
        yield lambda **moved: shown.update(task, **moved)


def version_json(version: VersionInfo) -> dict[str, Any]:
    """A version without its clauses."""
    return {
        "version": version.sequence,
        "id": version.id,
        "cause": version.cause,
        "extractor": version.extractor,
        "first_seen": iso(version.first_seen),
        "confirmed_at": iso(version.confirmed_at),
        "verified_at": iso(version.verified_at),
        "clauses": version.clauses,
        "title": version.title,
        "dates": [{"role": d.role, "date": d.value, "quote": d.quote} for d in version.dates],
    }


def fact_json(fact: Fact) -> dict[str, Any]:
    """One fact with the words that say it."""
    return {
        "kind": fact.kind,
        "subject": fact.subject,
        "value": fact.value,
        "polarity": fact.polarity,
        "modality": fact.modality,
        "role": fact.role,
        "named": fact.named,
        "data": fact.data,
        "quote": fact.quote,
        "anchor": fact.anchor,
    }


def print_verdict(verdict: Verdict) -> None:
    """A verdict for people: each change with before and after, its quotes and the rule that spoke."""
    click.echo(f"{verdict.level}: {verdict.headline or 'nothing of substance changed'}")
    for note in verdict.notes:
        click.echo(f"  {note}")
    for reason in verdict.reasons:
        change = reason.change
        where = f"  [{change.section}]" if change.section else ""
        click.echo(f"\n  {reason.severity}: {reason.sentence}  ({reason.rule}){where}")
        for sign, quote in (("-", change.quote_old), ("+", change.quote_new)):
            if quote:
                click.echo(f"    {sign} {quote}")
