"""Rendered messages that a person has read and approved.

python -m tests.notify.snapshots     writes them anew: read the difference before you commit it
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tests.notify.changes import ALERTS, DIGESTS
from watcher.notify.digest import render_digest
from watcher.notify.render import Message, render

FOLDER = Path(__file__).parent / "snapshots"
DASHBOARD = "https://watch.office.example"


def rendered() -> Iterator[tuple[str, str]]:
    """Every snapshot as it is now: file name and content."""
    for name, (alert, language) in ALERTS.items():
        yield from files(name, render(alert, language=language, dashboard=DASHBOARD))
    for name, (told, language) in DIGESTS.items():
        yield from files(name, render_digest(told, language=language, dashboard=DASHBOARD))


def files(name: str, message: Message) -> Iterator[tuple[str, str]]:
    """A message in its four forms."""
    yield f"{name}.txt", message.text + "\n"
    yield f"{name}.html", message.html + "\n"
    yield f"{name}.slack.json", json.dumps(message.slack, ensure_ascii=False, indent=1) + "\n"
    yield f"{name}.json", json.dumps(message.data, ensure_ascii=False, indent=1) + "\n"


def write() -> None:
    """Replace all of them."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    for name, content in rendered():
        (FOLDER / name).write_text(content, encoding="utf8")


if __name__ == "__main__":
    write()
