"""Logs that journald and people read: one line an event, key=value, or JSON on request; with journald's priorities."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from typing import Literal

import structlog

Event = structlog.typing.EventDict

#: syslog(3) priorities, which journald strips from the start of a line
PRIORITIES = {"critical": 2, "error": 3, "warning": 4, "info": 6, "debug": 7}


def set_up(form: Literal["text", "json"], level: str, environ: Mapping[str, str] = os.environ) -> None:
    """Send all logs, ours and libraries', to stderr; under journald without time, which it adds, but with priority."""
    journal = "JOURNAL_STREAM" in environ
    stamp = [] if journal else [structlog.processors.TimeStamper(fmt="iso", utc=True)]
    first = ["level", "event"] if journal else ["timestamp", "level", "event"]
    render: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.processors.LogfmtRenderer(key_order=first, drop_missing=True)
    )
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        *stamp,
        structlog.processors.format_exc_info,
    ]
    ends: list[structlog.typing.Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _flat, render]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter(journal, foreign_pre_chain=shared, processors=ends))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Puts the priority in front where journald reads it."""

    def __init__(self, journal: bool, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self._journal = journal

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        return f"<{PRIORITIES.get(record.levelname.lower(), 6)}>{line}" if self._journal else line


def _flat(_: object, __: str, event: Event) -> Event:
    """Lines stay lines: a newline in a value would start an event of its own. What is None is not said."""
    return {
        key: value.replace("\n", " | ") if isinstance(value, str) else value
        for key, value in event.items()
        if value is not None
    }
