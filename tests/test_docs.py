"""Documentation that cannot rot: every verb has a help text with an example."""

from __future__ import annotations

import click
import pytest

from watcher.cli import VERBS, cli


def commands(command: click.Command, path: str) -> list[tuple[str, click.Command]]:
    inner = [c for n, sub in command.commands.items() for c in commands(sub, f"{path} {n}")] if isinstance(
        command, click.Group) else []  # fmt: skip
    return [(path, command), *inner]


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_shows_an_example(verb: str) -> None:
    command = cli.get_command(click.Context(cli), verb)
    assert command is not None
    for path, sub in commands(command, verb):
        assert "Example: watcher " in (sub.help or ""), f"watcher {path} --help shows no example"
