"""What the generated pages of docs/ are made of. `make docs` rewrites them, `make lint` fails when they are stale."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources.abc import Traversable
from typing import Any

import click

from watcher import config
from watcher.cli import VERBS, cli


def cli_page() -> str:
    """Every verb with its help, as `--help` prints it."""
    root = click.Context(cli, info_name="watcher", terminal_width=100)
    parts = [_help(cli, root)]
    for verb in sorted(VERBS):
        command = cli.get_command(root, verb)
        assert command is not None
        parts += _commands(command, root, verb)
    return "\n".join(parts)


def _commands(command: click.Command, parent: click.Context, name: str) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent, terminal_width=100)
    yield f"## {context.command_path}\n"
    yield _help(command, context)
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            sub = command.get_command(context, inner)
            assert sub is not None
            yield from _commands(sub, context, inner)


def _help(command: click.Command, context: click.Context) -> str:
    return f"```\n{command.get_help(context)}\n```\n"


def config_page() -> str:
    """Every table and key of sources.toml."""
    schema = config.schema()
    tables = [("[watch]", "WatchTable"), ("[fetch]", "FetchTable"), ("[defaults]", "Shared"),
              ("[[source]]", "SourceTable"), ("[[channel]]", "ChannelTable"), ("[[rule]]", "RuleTable"),
              ("[[recipient]]", "RecipientTable")]  # fmt: skip
    shared = set(schema["$defs"]["Shared"]["properties"])
    parts = []
    for title, name in tables:
        table = schema["$defs"][name]
        parts.append(f"## {title}\n\n{table['description'].split(': ', 1)[-1].rstrip('.').capitalize()}.\n")
        if name == "SourceTable":
            parts.append("Besides these, every key of `[defaults]`.\n")
        rows = [
            f"| `{key}` | {_type(value)} | {_default(value, key in table.get('required', ()))} "
            f"| {value.get('description', '')} |"
            for key, value in table["properties"].items()
            if not (name == "SourceTable" and key in shared)
        ]
        parts.append("| key | value | default | meaning |\n|---|---|---|---|\n" + "\n".join(rows) + "\n")
    parts.append('## ignore\n\nA list of words whose coming and going is never a change: `ignore = ["Acme"]`.\n')
    return "\n".join(parts)


def _type(value: dict[str, Any]) -> str:
    if "anyOf" in value:
        return " or ".join(_type(v) for v in value["anyOf"] if v.get("type") != "null")
    if "enum" in value:
        return ", ".join(f"`{v}`" for v in value["enum"])
    if value.get("type") == "array":
        return "list of " + _type(value.get("items", {}))
    if isinstance(value.get("type"), list):
        return "duration"
    return {"string": "text", "integer": "number", "number": "number", "boolean": "true or false"}.get(
        value.get("type", ""), "value"
    )


def _duration(seconds: float) -> str:
    for unit, length in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= length and seconds % length == 0:
            return f"{seconds / length:g}{unit}"
    return f"{seconds:g}s"


def _default(value: dict[str, Any], required: bool) -> str:
    if required:
        return "required"
    default = value.get("default")
    if isinstance(default, float) and _type(value) == "duration":
        return f"`{_duration(default)}`"
    return "" if default in (None, "", [], ()) else f"`{str(default).lower() if default in (True, False) else default}`"


def facts_page() -> str:
    """Every kind of fact: what its module says of itself, and how two of them are compared."""
    import sys

    from watcher import facts

    rows = ["| kind | what is read |", "|---|---|"]
    for kind in ("sharing", *facts.FACT_KINDS):
        doc = sys.modules[f"watcher.facts.{kind}"].__doc__ or ""
        rows.append(f"| `{kind}` | {' '.join(doc.split(chr(10) * 2)[0].split())} |")
    comparison = (facts.__doc__ or "").split("\n\n", 1)[-1]
    return "\n".join(rows) + f"\n\n## How two facts are compared\n\n{comparison}"


def schema_page() -> str:
    """The schema as the first migration creates it, and what each later one changes; comments and all."""
    from importlib.resources import files

    scripts = sorted((f for f in files("watcher.store").iterdir() if f.name.endswith(".sql")), key=_age)
    return "\n".join(f"```sql\n{script.read_text(encoding='utf8')}```\n" for script in scripts)


def _age(script: Traversable) -> tuple[bool, str]:
    return script.name != "schema.sql", script.name
