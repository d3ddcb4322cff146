"""The `watcher` command: one file per verb; this one opens nothing and turns errors into exit codes, once.

Exit codes (DESIGN: contracts that tools rely on): 0 nothing material, 1 a material change was found, 2 usage or
configuration, 3 a source or a delivery failed.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from pathlib import Path

import click

from watcher.errors import ConfigError, NotFoundError, WatcherError
from watcher.lean import CYCLES

#: verb -> one line of help. The module watcher.cli.VERB is imported only when the verb is used.
VERBS: dict[str, str] = {
    "ack": "Write down what was decided about an alert.",
    "add": "Try an address, and add it to sources.toml.",
    "analyze": "Show what the reader sees in one page: clauses, dates, facts.",
    "backup": "Copy the database into one file, while the daemon goes on.",
    "check": "Check sources once, now, and say what changed.",
    "classify": "Say which categories each text of a JSON-lines file belongs to.",
    "compare": "Compare two versions of a policy and judge the difference.",
    "config": "Check sources.toml, or print its JSON Schema.",
    "demo": "Watch two made-up vendors change their policies, and get what a person would get.",
    "diff": "Show how two stored versions of a policy differ, and what that means.",
    "doctor": "Check that everything is in order: configuration, database, sources, channels, extras.",
    "export": "Write out what a policy said and the bytes that prove it, for somebody without this program.",
    "facts": "Show what a policy says: who, what, how long, which right.",
    "feedback": "Export what people decided about alerts, as labelled examples.",
    "history": "Show the versions of a policy, and what happened to its source.",
    "notify": "Try a channel, look at a message, send again what was given up.",
    "replay": "Run a folder of captures through the reader, as successive checks of one source.",
    "reread": "Read the versions in force again with today's reader; nobody is told.",
    "run": "Watch every source until told to stop.",
    "sources": "Show where each source stands.",
    "verify": "Prove that what is stored is what was fetched, and says what was read.",
    "why": "Show why an alert was raised, down to the bytes that prove it.",
}


class Verbs(click.Group):
    """Loads a verb's module only when it is called, so that `watcher --help` stays fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every verb, in alphabetical order."""
        return sorted(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of one verb, or None."""
        if name not in VERBS:
            return None
        command = importlib.import_module(f"watcher.cli.{name.replace('-', '_')}").command
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb; whoever closes our output early has seen enough, which is no error and no material change."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # The interpreter flushes what is left at its end, and must find somewhere to put it.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs from the table, importing none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, VERBS[name]) for name in self.list_commands(ctx)])


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="policy-watcher", prog_name="watcher")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Watch privacy policies; be told when something material changed, with the sentence that proves it."""
    if os.environ.get("NO_COLOR"):
        ctx.color = False


def main() -> None:
    """Run the command line: expected errors become one message on stderr and an exit code, never a traceback."""
    gc.set_threshold(CYCLES)
    try:
        sys.exit(cli.main(standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except (ConfigError, NotFoundError) as error:
        click.echo(f"watcher: {error}", err=True)
        sys.exit(2)
    except WatcherError as error:
        click.echo(f"watcher: {error}", err=True)
        sys.exit(3)
    except OSError as error:
        click.echo(f"watcher: {error}. Check the path, its rights and the disk.", err=True)
        sys.exit(3)


def existing_file(path: str) -> Path:
    """`path` as a Path; a clear usage error where no file is there."""
    found = _existing(path)
    if not found.is_file():
        raise click.UsageError(f"{path}: is a folder, a file is needed")
    return found


def existing_folder(path: str) -> Path:
    """`path` as a Path; a clear usage error where no folder is there."""
    found = _existing(path)
    if not found.is_dir():
        raise click.UsageError(f"{path}: is a file, a folder is needed")
    return found


def _existing(path: str) -> Path:
    found = Path(path)
    if not found.exists():
        raise click.UsageError(f"{path}: no such file or folder")
    return found
