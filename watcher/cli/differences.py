"""A verdict for people: grouped by what it weighs, before and after side by side, the changed words marked."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import click

from watcher.judge.rules import RULES
from watcher.judge.sentences import label
from watcher.notify.quotes import Runs, abridged, marked
from watcher.records import LEVELS, Level, Reason, Verdict

WHY = {rule.id: rule.why for rule in RULES}
#: how a verdict looks on a terminal
LOOKS: dict[Level, str] = {"material": "bold red", "minor": "yellow", "noise": "dim"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One change as it is shown."""

    sentence: str
    before: Runs
    after: Runs
    about: str  #: section, direction, rule and its legal reason, in one line


@dataclass(frozen=True, slots=True)
class Report:
    """A verdict ready to be shown."""

    level: Level
    title: str
    lines: tuple[str, ...]  #: notes, or why the captures cannot be compared
    groups: tuple[tuple[Level, str, tuple[Entry, ...]], ...]  #: (level, its title, changes), the weightiest first


def report(verdict: Verdict, fault: str, language: str) -> Report:
    """`verdict` for people in `language`. `fault`: why the captures cannot be compared, "" if they can."""
    groups = []
    for level in reversed(LEVELS):
        entries = tuple(_entry(r, language) for r in verdict.reasons if _level(r) == level)
        if entries:
            groups.append((level, f"{label(level, language)} ({len(entries)})", entries))
    title = verdict.headline or label("fault" if fault else "nothing", language)
    return Report(verdict.level, title, (fault,) if fault else verdict.notes, tuple(groups))


def _level(reason: Reason) -> Level:
    return "material" if reason.material else "minor" if reason.severity == "minor" else "noise"


def _entry(reason: Reason, language: str) -> Entry:
    change = reason.change
    before, after = marked(change.quote_old, change.quote_new, change.before, change.after)
    why = WHY.get(reason.rule, "")
    direction = "" if reason.direction == "neutral" else label(reason.direction, language)
    about = [change.section, direction, f"{reason.rule}: {why}" if why else reason.rule]
    return Entry(reason.sentence, abridged(before), abridged(after), " · ".join(filter(None, about)))


# --- on a terminal ---------------------------------------------------------------------------------------------------


def show(report: Report) -> None:
    """Print for a terminal, in colour where it has any; noise is only counted."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(f"{report.level}: ", style=LOOKS[report.level]) + Text(report.title, style="bold"))
    for line in report.lines:
        console.print(Text(f"  {line}", style="italic"))
    for level, title, entries in report.groups:
        console.print(Text(f"\n{title}", style=LOOKS[level]))
        for entry in entries if level != "noise" else ():
            console.print(Text(f"  • {entry.sentence}"))
            for sign, runs, look in (("-", entry.before, "red"), ("+", entry.after, "green")):
                if runs:
                    words = [(r.text, f"bold underline {look}" if r.look == "changed" else look) for r in runs]
                    console.print(Text.assemble((f"    {sign} ", look), *words))
            console.print(Text(f"    {entry.about}", style="dim"))


# --- as documents ----------------------------------------------------------------------------------------------------


def print_html(report: Report) -> None:
    """Print a page that stands alone: no script, no style sheet from elsewhere."""
    parts = [f"<h1>{escape(report.level)}: {escape(report.title)}</h1>", *(f"<p>{escape(s)}</p>" for s in report.lines)]
    for level, title, entries in report.groups:
        shown = "".join(map(_html_entry, entries))
        parts.append(f'<section class="{level}"><h2>{escape(title)}</h2><ul>{shown}</ul></section>')
    click.echo(PAGE.format(title=escape(report.title), body="\n".join(parts)))


PAGE = """<!doctype html>
<html><head><meta charset="utf-8"><title>{title}</title><style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 50em; margin: 2em auto; padding: 0 1em }}
del {{ background: #fdd }} ins {{ background: #dfd; text-decoration: none }} small {{ color: #555 }}
.material h2 {{ color: #a00 }} .noise {{ color: #777 }} li {{ margin-bottom: 1em }}
</style></head><body>
{body}
</body></html>"""


def _html_entry(entry: Entry) -> str:
    quotes = "".join(
        f"<blockquote>{_html_runs(runs, mark)}</blockquote>"
        for runs, mark in ((entry.before, "del"), (entry.after, "ins"))
        if runs
    )
    return f"<li><strong>{escape(entry.sentence)}</strong>{quotes}<small>{escape(entry.about)}</small></li>"


def _html_runs(runs: Runs, mark: str) -> str:
    return "".join(f"<{mark}>{escape(r.text)}</{mark}>" if r.look == "changed" else escape(r.text) for r in runs)


def print_markdown(report: Report) -> None:
    """Print Markdown; removed words struck through, new ones bold."""
    lines: list[str] = [f"# {report.level}: {_plain(report.title)}", "", *(_plain(s) for s in report.lines)]
    for _, title, entries in report.groups:
        lines += ["", f"## {title}", ""]
        for entry in entries:
            lines.append(f"- **{_plain(entry.sentence)}**")
            for sign, runs, mark in (("before", entry.before, "~~"), ("after", entry.after, "**")):
                if runs:
                    lines.append(f"  - {sign}: {_markdown_runs(runs, mark)}")
            lines.append(f"  - {_plain(entry.about)}")
    click.echo("\n".join(lines))


def _markdown_runs(runs: Runs, mark: str) -> str:
    return "".join(
        f"{mark}{_plain(r.text)}{mark}" if r.look == "changed" and r.text.strip() else _plain(r.text) for r in runs
    )


def _plain(text: str) -> str:
    """`text` with the signs that Markdown and HTML act on made harmless."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#|~" else sign for sign in text)
