"""watcher diff SOURCE [A] [B]: how two stored versions differ, and what that means."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from watcher.cli.options import config_option, format_option, ids, known, stored
from watcher.cli.output import print_json, print_verdict, verdict_json, version_json, when

if TYPE_CHECKING:
    from watcher.config import Config
    from watcher.records import Clause, Document, Verdict, VersionInfo
    from watcher.store import Store


@click.command()
@click.argument("source", shell_complete=ids("source"))
@click.argument("a", type=int, required=False)
@click.argument("b", type=int, required=False)
@config_option
@format_option
def command(source: str, a: int | None, b: int | None, config: str | None, form: str) -> None:
    """Show how version B of SOURCE's policy (default: the latest) differs from version A (default: the one before B).

    First the verdict on each change, then every clause that went or came.

    Example: watcher diff acme 3 5
    """
    from watcher.store import versions

    with stored(config) as (loaded, store):
        known(store, source)
        old, new = _pair(store, source, a, b)
        verdict = _verdict(loaded, store, old, new)
        gone, came = _clauses(versions.documents(store, old.id), versions.documents(store, new.id))
    if form == "json":
        out = {"source": source, "old": version_json(old), "new": version_json(new), **verdict_json(verdict)}
        print_json(out | {"clauses_gone": [_json(c) for c in gone], "clauses_come": [_json(c) for c in came]})
        return
    click.echo(
        f"{source}: version {old.sequence} ({when(old.first_seen)}) to {new.sequence} ({when(new.first_seen)})\n"
    )
    print_verdict(verdict)
    for title, sign, clauses in (("gone", "-", gone), ("come", "+", came)):
        if clauses:
            click.echo(f"\nclauses {title}:")
        for clause in clauses:
            click.echo(f"  {sign} {' > '.join(clause.path) + ': ' if clause.path else ''}{clause.text}")


def _pair(store: Store, source: str, a: int | None, b: int | None) -> tuple[VersionInfo, VersionInfo]:
    """The two versions that are meant."""
    from watcher.errors import StoreError
    from watcher.store import versions

    history = versions.history(store, source)
    last = b if b is not None else len(history)
    first = a if a is not None else last - 1
    if len(history) < 2:
        raise StoreError(f"{source} has {len(history)} version so far: there is nothing to compare")
    return versions.by_sequence(store, source, first), versions.by_sequence(store, source, last)


def _verdict(config: Config, store: Store, old: VersionInfo, new: VersionInfo) -> Verdict:
    """The verdict that was made when the version came, or one made now for two that never met."""
    from watcher.pipeline.pure import reading, weigh
    from watcher.pipeline.watch import merged
    from watcher.store import versions

    made = versions.verdict_on(store, new.id)
    if made is not None and old.sequence == new.sequence - 1:
        return made
    before, after = (reading(merged(versions.documents(store, version.id)), config.teaching) for version in (old, new))
    return weigh(before, after, source=new.source, teaching=config.teaching, language=config.language)


def _clauses(old: tuple[Document, ...], new: tuple[Document, ...]) -> tuple[list[Clause], list[Clause]]:
    """The clauses that only one of the two has, however they moved."""
    before = [clause for document in old for clause in document.clauses]
    after = [clause for document in new for clause in document.clauses]
    return _only(before, Counter(c.hash for c in after)), _only(after, Counter(c.hash for c in before))


def _only(clauses: list[Clause], others: Counter[str]) -> list[Clause]:
    out = []
    for clause in clauses:
        if others[clause.hash] > 0:
            others[clause.hash] -= 1
        else:
            out.append(clause)
    return out


def _json(clause: Clause) -> dict[str, Any]:
    return {"anchor": clause.anchor, "path": list(clause.path), "text": clause.text, "hash": clause.hash}
