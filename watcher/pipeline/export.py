"""What a policy said and the bytes that prove it, as files that need neither this program nor its database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from watcher.pipeline.feedback import markdown
from watcher.pipeline.pure import CONTENT_TYPES
from watcher.records import Capture, VersionInfo, VersionPage
from watcher.store import Store, captures, versions

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
_ENDINGS = {kind: ending for ending, kind in reversed(CONTENT_TYPES.items())}


def export(store: Store, source: str, chosen: Sequence[VersionInfo], folder: Path) -> Iterator[VersionInfo]:
    """Write versions of a source into a folder; yields each when its files are there, and ends with the manifest.

    Of each version: its pages as they were served (captures/SHA256.html), its clauses (versions/N/page-P.md), its facts
    and the verdict that was made on it, with reasons and quotes. manifest.json says which file is what, when it was
    fetched from where, and with which headers; SHA256SUMS is for `sha256sum -c`.
    """
    files = _Files(folder)
    told = []
    for version in chosen:
        told.append(_version(store, files, version))
        yield version
    files.json(MANIFEST, {"source": source, "versions": told})
    files.sums()


class _Files:
    """A folder that is filled, and the digests of what was put there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._digests: dict[str, str] = {}

    def write(self, name: str, data: bytes) -> str:
        """Write a file; its name."""
        if name not in self._digests:
            path = self._folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            self._digests[name] = hashlib.sha256(data).hexdigest()
        return name

    def json(self, name: str, value: object) -> str:
        """Write a value as JSON; the file's name."""
        return self.write(name, (json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n").encode())

    def sums(self) -> None:
        """Write the digests of all files."""
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self._digests.items()))
        (self._folder / SUMS).write_text(lines, encoding="utf8")


def _version(store: Store, files: _Files, version: VersionInfo) -> dict[str, Any]:
    """A version's entry in the manifest, its files written."""
    place = f"versions/{version.sequence:04}"
    facts = [asdict(fact) for fact in versions.facts(store, version.id)]
    verdict = versions.verdict_on(store, version.id)
    return {
        "version": version.sequence,
        "cause": version.cause,
        "extractor": version.extractor,
        "first_seen": version.first_seen.isoformat(),
        "confirmed_at": version.confirmed_at and version.confirmed_at.isoformat(),
        "verified_at": version.verified_at.isoformat(),
        "stated": [{"role": d.role, "date": d.value, "quote": d.quote} for d in version.dates],
        "pages": [_page(store, files, place, page) for page in versions.pages(store, version.id)],
        "facts": files.json(f"{place}/facts.json", facts),
        "verdict": None if verdict is None else files.json(f"{place}/verdict.json", asdict(verdict)),
    }


def _page(store: Store, files: _Files, place: str, page: VersionPage) -> dict[str, Any]:
    """A page's part of that entry."""
    capture = captures.load(store, page.capture)
    how = captures.described(store, page.capture)[1]
    text = markdown(versions.document(store, page.document, page.page).clauses)
    return {
        "url": page.url,
        "final_url": capture.final_url,
        "redirects": [asdict(hop) for hop in capture.redirects],
        "status": capture.status,
        "headers": capture.headers,
        "fetched_at": capture.fetched_at.isoformat(),
        "last_seen_at": how["last_seen_at"],
        "times_seen": how["seen"],
        "rendered": capture.rendered,
        "sha256": capture.sha256,
        "capture": files.write(f"captures/{capture.sha256}{_ending(capture)}", capture.body),
        "clauses": files.write(f"{place}/page-{page.page + 1}.md", text.encode()),
    }


def _ending(capture: Capture) -> str:
    """What the name of a capture's file ends with."""
    return _ENDINGS.get(capture.header("content-type").partition(";")[0].strip().lower(), ".html")
