"""watcher analyze FILE|URL: what the reader sees in one page."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from watcher.cli import existing_file
from watcher.cli.look import Look, is_address, look_at, look_at_file, settings
from watcher.cli.options import config_option, format_option
from watcher.cli.output import fact_json, print_json
from watcher.records import Clause, Document, Fact

if TYPE_CHECKING:
    from rich.tree import Tree

_WIDTH = 110  #: characters of a clause shown in the tree; --full shows all


@click.command()
@click.argument("target", metavar="FILE|URL")
@click.option("--full", is_flag=True, help="Show clauses at full length.")
@config_option
@format_option
def command(target: str, full: bool, config: str | None, form: str) -> None:
    """Show what the reader sees in a page: title, language, stated dates, clauses under their headings, facts.

    Nothing is stored. A page that the gate would refuse is shown all the same, with the reason.

    Example: watcher analyze https://example.com/privacy
    """
    from watcher.errors import ExtractError
    from watcher.facts import facts_of

    seen = _look(target, config)
    if seen.document is None:
        raise ExtractError(seen.rejection.sentence if seen.rejection else f"{target}: no text")
    facts = facts_of(seen.document)
    if form == "json":
        print_json(_json(seen, seen.document, facts))
    else:
        _print(seen, seen.document, facts, full)


def _look(target: str, config: str | None) -> Look:
    if not is_address(target):
        return look_at_file(existing_file(target))
    import asyncio

    from watcher.fetch import Fetcher

    async def visit() -> Look:
        async with Fetcher(settings(config)) as fetcher:
            return await look_at(fetcher, target)

    return asyncio.run(visit())


def _json(seen: Look, document: Document, facts: Sequence[Fact]) -> dict[str, Any]:
    """The reading as the contract has it, with the gate's word and the title besides."""
    from watcher.facts.categories import clause_categories

    refused = seen.rejection
    return {
        "title": document.title,
        "language": document.language,
        "gate": {"rule": refused.rule, "sentence": refused.sentence} if refused else None,
        "dates": [{"role": d.role, "date": d.value, "quote": d.quote} for d in document.dates],
        "clauses": [
            {
                "anchor": clause.anchor,
                "path": list(clause.path),
                "shape": clause.shape,
                "number": clause.number,
                "text": clause.text,
                "language": clause.language,
                "categories": list(clause_categories(clause)),
                "hash": clause.hash,
            }
            for clause in document.clauses
        ],
        "facts": [fact_json(fact) for fact in facts],
    }


@dataclass(slots=True)
class _Branch:
    """A heading, or one clause, with what stands below it."""

    clause: Clause | None
    below: list[_Branch] = field(default_factory=list)


def _grown(clauses: Sequence[Clause]) -> _Branch:
    """The clauses as a tree: each under the deepest of its headings that has been seen."""
    root = _Branch(None)
    open_: list[tuple[str, _Branch]] = []
    for clause in clauses:
        path = clause.path[:-1] if clause.shape == "heading" and clause.path[-1:] == (clause.text,) else clause.path
        depth = next((i for i, (one, (other, _)) in enumerate(zip(path, open_, strict=False)) if one != other), None)
        del open_[min(len(path), len(open_)) if depth is None else depth :]
        branch = _Branch(clause)
        (open_[-1][1] if open_ else root).below.append(branch)
        if clause.shape == "heading":
            open_.append((clause.text, branch))
    return root


def _print(seen: Look, document: Document, facts: Sequence[Fact], full: bool) -> None:
    """A few lines on the page, then the tree; drawn on a terminal, indented in a pipe."""
    by_clause: dict[str, list[Fact]] = {}
    for fact in facts:
        by_clause.setdefault(fact.anchor, []).append(fact)
    click.echo(document.title or "(no title)")
    headings = sum(clause.shape == "heading" for clause in document.clauses)
    count = len(document.clauses) - headings
    click.echo(f"language {document.language}, {headings} headings, {count} clauses, {len(facts)} facts")
    for date in document.dates:
        click.echo(f"{date.role}: {date.value or 'no day'} ({date.quote})")
    refused = seen.rejection
    click.echo(f"gate: refused, {refused.rule}. {refused.sentence}" if refused else "gate: accepted")
    click.echo()
    root = _grown(document.clauses)
    if sys.stdout.isatty():
        from rich.console import Console

        Console(highlight=False).print(_tree(root, by_clause, full))
        return
    for depth, label in _rows(root, by_clause, full):
        click.echo("  " * depth + label)


def _rows(branch: _Branch, facts: Mapping[str, list[Fact]], full: bool, depth: int = 0) -> Iterator[tuple[int, str]]:
    """Depth and label of everything below a branch."""
    for child in branch.below:
        assert child.clause is not None
        yield depth, _label(child.clause, full)
        for line in _facts(facts, child.clause):
            yield depth + 1, line
        yield from _rows(child, facts, full, depth + 1)


def _tree(branch: _Branch, facts: Mapping[str, list[Fact]], full: bool) -> Tree:
    """The same as a drawn tree."""
    from rich.text import Text
    from rich.tree import Tree

    top = branch.clause
    tree = Tree(
        Text(_label(top, full), style="bold" if top.shape == "heading" else "") if top else "",
        hide_root=top is None,
        guide_style="dim",
    )
    for line in _facts(facts, top) if top else ():
        tree.add(Text(line, style="cyan"))
    for child in branch.below:
        tree.children.append(_tree(child, facts, full))
    return tree


def _label(clause: Clause, full: bool) -> str:
    """One clause on a line: number, words, what it is about."""
    from watcher.facts.categories import clause_categories

    words = clause.text if full or len(clause.text) <= _WIDTH else f"{clause.text[: _WIDTH - 1]}…"
    about = [c for c in clause_categories(clause) if c != "other"] if clause.shape != "heading" else []
    return f"{clause.number} {words}".strip() + (f"  [{', '.join(about)}]" if about else "")


def _facts(facts: Mapping[str, list[Fact]], clause: Clause) -> list[str]:
    """The facts of a clause, each on a line, none twice."""
    lines = []
    for fact in facts.get(clause.anchor, ()):
        value = f" = {fact.value}" if fact.value not in ("", fact.subject) else ""
        lines.append(f"→ {fact.kind}: {'' if fact.polarity else 'not '}{fact.subject}{value}")
    return list(dict.fromkeys(lines))
