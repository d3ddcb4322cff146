#!/usr/bin/env python3
"""Speed and accuracy of extraction beside trafilatura, readability-lxml and Resiliparse, on the same captures.

    python -m bench.extract STREAMS [--pages N] [--sentences N] [--seed S]        (pip install '.[bench]')

Four measures, each tool on the same pages in the same run:
- ms: processor time for a page, median. Ours is the whole way: decoding, clauses, hashes, dates and the gate.
- read: a sentence put after a random paragraph, item or row of a page (see completeness.py) stands in the text.
- alarms: of two good captures in a row between which the policy did not change, the share whose texts differ.
- faults: error pages that were refused. The others have no gate: they give whatever the error page says.
A tool that is not installed is left out. Prints a table, and one JSON line at the end.
"""

from __future__ import annotations

import argparse
import importlib
import json
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.completeness import SENTENCE, places, with_sentence
from bench.streams import Step, steps
from watcher.errors import ExtractError
from watcher.extract import extract
from watcher.gate import inspect
from watcher.lang.words import normal
from watcher.records import Capture, Document

Tool = Callable[[bytes], str]  #: the text of a page; "" where it finds none


def ours(body: bytes) -> str:
    """Clauses, a line each; the page is gated too."""
    document = _read(body)
    return "\n".join(clause.text for clause in document.clauses) if document else ""


def _read(body: bytes, previous: Document | None = None) -> Document | None:
    """The document, None where it is refused."""
    try:
        document = extract(body, content_type="text/html; charset=utf-8")
    except ExtractError:
        return None
    capture = Capture(url="", final_url="", fetched_at=datetime.now(UTC), body=body, sha256="")
    return document if inspect(capture, document, previous) is None else None


def tools() -> Iterator[tuple[str, Tool]]:
    """Ours, and each of the others that is installed."""
    yield "policy-watcher", ours
    for name, module, make in (
        ("trafilatura", "trafilatura", _trafilatura),
        ("readability-lxml", "readability", _readability),
        ("resiliparse", "resiliparse", _resiliparse),
    ):
        try:
            importlib.import_module(module)
        except ImportError:
            continue
        yield name, make()


def _trafilatura() -> Tool:
    import trafilatura

    return lambda body: trafilatura.extract(body, include_comments=False, include_tables=True, favor_recall=True) or ""


def _readability() -> Tool:
    from readability import Document as Readable
    from selectolax.lexbor import LexborHTMLParser

    def text(body: bytes) -> str:
        tree = LexborHTMLParser(Readable(body.decode("utf8", "replace")).summary())
        return tree.body.text(separator="\n") if tree.body else ""

    return text


def _resiliparse() -> Tool:
    from resiliparse.extract.html2text import extract_plain_text

    return lambda body: str(extract_plain_text(body.decode("utf8", "replace"), main_content=True))


# --- measures --------------------------------------------------------------------------------------------------------


def milliseconds(tool: Tool, pages: Sequence[Step]) -> float:
    """Processor time of a page, median."""
    tool(pages[0].body)
    times = []
    for page in pages:
        start = time.process_time()
        tool(page.body)
        times.append(time.process_time() - start)
    return statistics.median(times) * 1000


def share_read(tool: Tool, pages: Sequence[Step], count: int, seed: int) -> float:
    """The share of `count` inserted sentences that stand in the text."""
    chance = random.Random(seed)
    found = tried = 0
    for _ in range(count):
        page = chance.choice(pages).text
        spots = places(page)
        if not spots:
            continue
        sentence = SENTENCE.format(n=chance.randrange(1000, 9999))
        tried += 1
        text = tool(with_sentence(page, chance.choice(spots), sentence).encode())
        found += normal(sentence) in normal(text)
    return found / max(1, tried)


def alarms(tool: Tool, pages: Sequence[Step]) -> float:
    """The share of quiet steps whose text differs from that of the good capture before."""
    differ = quiet = 0
    before, stream = "", ""
    for page in pages:
        text = normal(tool(page.body))
        if page.stream == stream and page.change in ("none", "noise"):
            quiet += 1
            differ += text != before
        before, stream = text, page.stream
    return differ / max(1, quiet)


def faults_refused(every: Sequence[Step]) -> tuple[int, int, int]:
    """(error pages refused, error pages, good pages refused) by our gate, each held against the last accepted page."""
    refused = faults = lost = 0
    before: Document | None = None
    stream = ""
    for page in every:
        before = before if page.stream == stream else None
        document = _read(page.body, before)
        faults += not page.good
        refused += not page.good and document is None
        lost += page.good and document is None
        before, stream = document or before, page.stream
    return refused, faults, lost


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("streams", type=Path)
    options.add_argument("--pages", type=int, default=60, help="good captures measured for speed and alarms, at most")
    options.add_argument("--sentences", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    every = list(steps(given.streams))
    good = [step for step in every if step.good]
    chosen = _spread(good, given.pages)
    rows = {}
    print(f"{len(chosen)} of {len(good)} good captures, {given.sentences} sentences")
    print(f"{'':18}{'ms a page':>10}{'read':>8}{'alarms':>8}")
    for name, tool in tools():
        row = {
            "ms": round(milliseconds(tool, chosen), 1),
            "read": round(share_read(tool, good, given.sentences, given.seed), 3),
            "alarms": round(alarms(tool, chosen), 3),
        }
        rows[name] = row
        print(f"{name:18}{row['ms']:>10}{row['read']:>8.1%}{row['alarms']:>8.1%}", flush=True)
    refused, faults, lost = faults_refused(every)
    print(f"error pages refused: {refused} of {faults}; good pages refused: {lost} of {len(good)}")
    print(json.dumps({"tools": rows, "faults": faults, "refused": refused, "good_refused": lost}))


def _spread(good: Sequence[Step], count: int) -> list[Step]:
    """Up to `count` captures, runs of neighbours from every stream alike."""
    streams: dict[str, list[Step]] = {}
    for step in good:
        streams.setdefault(step.stream, []).append(step)
    each = max(1, count // max(1, len(streams)))
    return [step for run in streams.values() for step in run[:each]]


if __name__ == "__main__":
    main()
