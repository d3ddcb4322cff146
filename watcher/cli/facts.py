"""watcher facts SOURCE: what a policy says."""

from __future__ import annotations

import click

from watcher.cli.options import config_option, format_option, ids, known, stored
from watcher.cli.output import fact_json, print_json, print_table


@click.command()
@click.argument("source", shell_complete=ids("source"))
@click.option("--version", "sequence", type=int, help="A version other than the one in force.")
@click.option("--kind", "kinds", multiple=True, help="Only facts of this kind; may be repeated.")
@config_option
@format_option
def command(source: str, sequence: int | None, kinds: tuple[str, ...], config: str | None, form: str) -> None:
    """Show what SOURCE's policy says: who receives data, what is kept for how long, which rights there are.

    Example: watcher facts acme --kind sharing
    """
    from watcher.errors import StoreError
    from watcher.store import versions

    with stored(config) as (_, store):
        version = known(store, source).version
        if sequence is not None:
            version = versions.by_sequence(store, source, sequence).id
        if version is None:
            raise StoreError(f"{source} has no version yet. See `watcher sources` for why")
        found = [f for f in versions.facts(store, version) if not kinds or f.kind in kinds]
    if form == "json":
        print_json([fact_json(fact) for fact in found])
        return
    rows = [(f.kind, f.subject, f.value if f.polarity else f"not {f.value}".strip(), f.quote) for f in found]
    print_table(("kind", "subject", "value", "quote"), rows)
