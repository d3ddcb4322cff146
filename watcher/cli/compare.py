"""watcher compare OLD NEW: judge two files, no database."""

from __future__ import annotations

import click

from watcher.cli import existing
from watcher.cli.output import print_json, verdict_json
from watcher.records import Verdict


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_context
def command(ctx: click.Context, old: str, new: str, form: str) -> None:
    """Compare two versions of a policy (html, md, txt, pdf) and judge the difference.

    Example: watcher compare before.html after.html
    """
    from watcher.pipeline import capture_of_file, compare_captures

    step = compare_captures(*(capture_of_file(existing(path)) for path in (old, new)))
    verdict = step.verdict or Verdict(level="noise", headline="", judge="")
    out = verdict_json(verdict)
    if step.rejection is not None:
        out["headline"] = "the captures cannot be compared"
        out["reasons"] = [{"rule": step.rejection.rule, "sentence": step.rejection.sentence}]
    if form == "json":
        print_json(out)
    else:
        click.echo(f"{out['verdict']}: {out['headline'] or 'nothing of substance changed'}")
        for reason in out["reasons"]:
            click.echo(f"  {reason['rule']}: {reason['sentence']}")
    ctx.exit(1 if verdict.level == "material" else 0)
