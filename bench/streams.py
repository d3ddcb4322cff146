"""The captured streams that the benches measure on: folders of captures with truth.json, packed or not."""

from __future__ import annotations

import json
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Step:
    """One capture with what is known of it."""

    stream: str
    file: str
    good: bool  #: False: an error page or the like
    change: str  #: none, noise, minor or material, against the good capture before
    body: bytes

    @property
    def text(self) -> str:
        """The page as text; the captures are UTF-8."""
        return self.body.decode("utf8", "replace")


def steps(root: Path) -> Iterator[Step]:
    """Every capture below `root` (folders, or NAME.tar.xz), in order."""
    with tempfile.TemporaryDirectory() as folder:
        for archive in sorted(root.glob("*.tar.xz")):
            with tarfile.open(archive) as tar:
                tar.extractall(folder, filter="data")
        base = Path(folder) if any(Path(folder).iterdir()) else root
        for truth in sorted(base.glob("*/truth.json")):
            known = json.loads(truth.read_text(encoding="utf8"))["steps"]
            for step, file in zip(known, sorted(truth.parent.glob("*.html")), strict=True):
                yield Step(truth.parent.name, file.name, step["page"] == "ok", step["change"], file.read_bytes())
