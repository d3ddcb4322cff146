"""`sources.toml` and the environment -> Config. `file` reads and checks it, and is only loaded for that.

Who runs for long reads it in another process (`load_apart`): pydantic and what it makes stay for ever, ten megabytes.
"""

from __future__ import annotations

import difflib
import os
import pickle
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from watcher.errors import ConfigError
from watcher.lean import program
from watcher.records import Channel, FetchSettings, Source, Teaching, WatchSettings

DEFAULT_PATH = "sources.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything the program was told, checked and resolved."""

    path: Path
    database: Path
    sources: tuple[Source, ...]
    channels: tuple[Channel, ...] = ()
    teaching: Teaching = field(default_factory=Teaching)
    fetch: FetchSettings = field(default_factory=FetchSettings)
    watch: WatchSettings = field(default_factory=WatchSettings)
    templates: Path | None = None  #: folder of message templates that replace the shipped ones
    heartbeat: str = field(default="", repr=False)  #: pinged after each round; a secret
    metrics: Path | None = None  #: file that Prometheus' node_exporter reads
    metrics_listen: str = ""  #: "HOST:PORT" where the daemon serves them; "": nowhere
    language: Literal["en", "zh"] = "en"  #: of sentences and messages
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    warnings: tuple[str, ...] = ()  #: what is allowed but unwise

    def source(self, id: str) -> Source:
        """The source of that id; a ConfigError that proposes the nearest id if there is none."""
        for source in self.sources:
            if source.id == id:
                return source
        raise ConfigError(f"{self.path}: no source {id!r}{did_you_mean(id, [s.id for s in self.sources])}")

    def channel(self, id: str) -> Channel:
        """The channel of that id; a ConfigError that proposes the nearest id if there is none."""
        for channel in self.channels:
            if channel.id == id:
                return channel
        raise ConfigError(f"{self.path}: no channel {id!r}{did_you_mean(id, [c.id for c in self.channels])}")


def load(path: Path | str | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """The configuration in `path` (default: $WATCHER_CONFIG, else ./sources.toml).

    Raises ConfigError with every problem in one message.
    """
    from watcher.config.file import read

    return read(Path(path or environ.get("WATCHER_CONFIG") or DEFAULT_PATH), environ)


def load_apart(path: Path | str | None, environ: Mapping[str, str]) -> Config:
    """What `load` gives, read by another process."""
    command, around = program("watcher.config")
    question = pickle.dumps((path, dict(environ)))
    done = subprocess.run(command, env=around, input=question, stdout=subprocess.PIPE, check=True)
    answer: Config | ConfigError = pickle.loads(done.stdout)
    if isinstance(answer, ConfigError):
        raise answer
    return answer


def schema() -> dict[str, Any]:
    """The JSON Schema of sources.toml, for editors."""
    from watcher.config.file import schema

    return schema()


def did_you_mean(word: str, known: list[str]) -> str:
    """The end of a sentence that names what may have been meant by a word that is not known."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; known: {', '.join(known)}" if known and len(known) < 40 else ""
