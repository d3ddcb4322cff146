"""Fuzz the reader of pages: `python -m tests.fuzz.fuzz_extract --seconds 60` from the repository's root.

Mutates the golden pages (bytes, tags, pieces of other pages) and demands that extraction returns or raises
ExtractError, gives the same twice, leaves no two clauses with one anchor, and needs no more than SLOWEST
seconds. A page that fails is written to the working directory. `one_input(data)` is the entry for coverage-
guided fuzzers such as Atheris.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

from watcher.errors import ExtractError
from watcher.extract import extract
from watcher.records import Document

PAGES = Path(__file__).resolve().parents[1] / "pages"
SLOWEST = 5.0  #: seconds for one page of a few kilobytes, on a busy machine
_SPLICES = tuple(
    splice.encode("utf8", "surrogatepass")
    for splice in """
<table>|</table>|<tr><td rowspan=65534 colspan=1000>|<noscript><iframe/>|<template shadowrootmode=open>|<!--|-->|<pre>
<svg>|<math>|</body>|<frameset>|<nav>|<div role=dialog>|<plaintext>|<textarea>|<title>|<select>|<a href='|&#xD800;|\x00
<li value=99999999999>|<h2><a href=#x>#</a></h2>|<script>window.x = {"a":[[[[|data-cfemail="zz"|1.1.1.1.1 |<dl><dt><dl>
""".replace("\n", "|").split("|")
    if splice
)


def one_input(data: bytes) -> Document | None:
    """Read `data` as a page, twice; raises AssertionError where the reader breaks a promise."""
    started = time.process_time()
    try:
        first = extract(data, content_type="text/html", url="https://site.example/privacy")
    except ExtractError:
        return None
    assert time.process_time() - started < SLOWEST, "too slow"
    assert first == extract(data, content_type="text/html", url="https://site.example/privacy"), "not deterministic"
    assert len({clause.anchor for clause in first.clauses}) == len(first.clauses), "an anchor is used twice"
    return first


def mutated(page: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """`page` with a handful of random harms."""
    data = bytearray(page)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(5):
            case 0:
                data[at : at + chance.randint(1, 40)] = b""
            case 1:
                data[at:at] = chance.choice(_SPLICES) * chance.choice((1, 1, 1, 60))
            case 2:
                data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 12)))
            case 3:
                other = chance.choice(others)
                start = chance.randrange(len(other))
                data[at:at] = other[start : start + chance.randint(1, 600)]
            case _:
                data[at:at] = data[at : at + chance.randint(1, 400)] * chance.randint(1, 20)
    return bytes(data)


def corpus() -> list[bytes]:
    """The golden pages."""
    return [file.read_bytes() for file in sorted(PAGES.glob("*.html"))]


def main() -> None:
    """Run for a while."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--seed", type=int, default=None)
    given = options.parse_args()
    chance, pages, count = random.Random(given.seed), corpus(), 0
    until = time.monotonic() + given.seconds
    while time.monotonic() < until:
        data = mutated(chance.choice(pages), pages, chance)
        count += 1
        try:
            one_input(data)
        except Exception:
            Path(f"crash-{count}.html").write_bytes(data)
            raise
    print(f"{count} pages, none broke the reader")


if __name__ == "__main__":
    main()
