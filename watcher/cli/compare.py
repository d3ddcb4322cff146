"""watcher compare OLD NEW: judge two files, no database."""

from __future__ import annotations

import click

from watcher.cli import existing_file
from watcher.cli.output import print_json, verdict_json
from watcher.records import Verdict


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--format", "form", type=click.Choice(["text", "json", "html", "md"]), default="text", show_default=True)
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of sentences.")
@click.pass_context
def command(ctx: click.Context, old: str, new: str, form: str, lang: str) -> None:
    """Compare two versions of a policy (html, md, txt, pdf) and judge the difference.

    Example: watcher compare before.html after.html
    """
    from watcher.pipeline.pure import capture_of_file, compare_captures

    captures = (capture_of_file(existing_file(path)) for path in (old, new))
    step = compare_captures(*captures, language=lang)
    verdict = step.verdict or Verdict(level="noise", headline="", judge="")
    fault = step.rejection
    if form == "json":
        out = verdict_json(verdict)
        if fault is not None:
            out["headline"] = "the captures cannot be compared"
            out["reasons"] = [{"rule": fault.rule, "sentence": fault.sentence}]
        print_json(out)
    else:
        from watcher.cli import differences

        report = differences.report(verdict, f"{fault.sentence} ({fault.rule})" if fault else "", lang)
        {"text": differences.show, "html": differences.print_html, "md": differences.print_markdown}[form](report)
    ctx.exit(1 if verdict.level == "material" else 0)
