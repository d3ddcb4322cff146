"""watcher classify FILE: the categories of each text of a JSON-lines file."""

from __future__ import annotations

import json
import re
from typing import Any

import click

from watcher.cli import existing_file
from watcher.cli.output import print_json
from watcher.errors import ExtractError

_HEADING = re.compile(r"\s*#{1,6}[ \t]*(\S[^\n]*)\n(.*)", re.S)


@click.command()
@click.argument("file")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text")
@click.option("--explain", "why", is_flag=True, help="Show the words that decided.")
def command(file: str, form: str, why: bool) -> None:
    """Say which categories each text of FILE belongs to, the main one first.

    FILE holds one JSON object a line with "text", and if known "heading" and "language". A text that begins with a
    Markdown heading is read under it.

    Example: watcher classify clauses.jsonl --format jsonl --explain
    """
    lines = existing_file(file).read_text(encoding="utf8").splitlines()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        out = _classified(_row(line, f"{file}, line {number}"), why)
        if form == "jsonl":
            print_json(out)
        else:
            click.echo(_plain(out))


def _row(line: str, where: str) -> dict[str, Any]:
    """One line as an object with a text."""
    try:
        row = json.loads(line)
    except ValueError as error:
        raise ExtractError(f"{where}: not JSON ({error}). Each line must be an object with a text.") from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise ExtractError(f'{where}: needs an object with "text". Write {{"text": "..."}} on each line.')
    return row


def _classified(row: dict[str, Any], why: bool) -> dict[str, Any]:
    from watcher.facts.categories import categories, explain

    heading, text = str(row.get("heading") or ""), row["text"]
    if not heading and (found := _HEADING.match(text)):
        heading, text = found[1], found[2]
    language = row.get("language") or ("zh" if re.search("[\u4e00-\u9fff]{2}", heading + text) else "en")
    if not why:
        return {"categories": list(categories(text, heading=heading, language=language))}
    weighed = explain(text, heading=heading, language=language)
    return {
        "categories": [w.category for w in weighed],
        "why": [
            {"category": w.category, "probability": round(w.probability, 2), "words": list(w.words)} for w in weighed
        ],
    }


def _plain(out: dict[str, Any]) -> str:
    if "why" not in out:
        return ", ".join(out["categories"])
    return "; ".join(
        f"{w['category']} {w['probability']:.0%} ({', '.join(w['words']) or 'nothing'})" for w in out["why"]
    )
