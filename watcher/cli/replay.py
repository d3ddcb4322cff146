"""watcher replay DIR: a folder of captures as successive checks of one source."""

from __future__ import annotations

import click

from watcher.cli import existing_folder
from watcher.cli.output import print_json, verdict_json


@click.command()
@click.argument("folder")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text")
def command(folder: str, form: str) -> None:
    """Run FOLDER's captures (000.html, 001.html, ...) through the reader. Nothing is stored, nothing is sent.

    Example: watcher replay captures/ --format jsonl
    """
    from watcher.pipeline.pure import CONTENT_TYPES, Examination, replay

    def outcome(step: Examination, first: bool) -> str:
        if step.rejection is not None:
            return "rejected"
        if first:
            return "first"
        return "unchanged" if step.unchanged else "changed"

    files = sorted(f for f in existing_folder(folder).iterdir() if f.suffix.lower() in CONTENT_TYPES)
    if not files:
        raise click.UsageError(f"{folder}: holds no captures ({', '.join(CONTENT_TYPES)})")
    accepted = False
    for file, step in replay(files):
        line = {
            "capture": file.name,
            "outcome": outcome(step, not accepted),
            "verdict": step.verdict.level if step.verdict else None,
            "reason": step.rejection.sentence if step.rejection else (step.verdict.headline if step.verdict else ""),
            "changes": verdict_json(step.verdict)["changes"] if step.verdict else [],
        }
        accepted = accepted or step.rejection is None
        if form == "jsonl":
            print_json(line)
        else:
            click.echo(f"{line['capture']}  {line['outcome']:9}  {line['verdict'] or '-':8}  {line['reason']}")
