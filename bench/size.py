#!/usr/bin/env python3
"""Does reading a page take time in proportion to its size? Pages of 40 KB to 5 MB, of the sorts that tempt to more.

    bench/size.py [--largest BYTES]

Prints, for each sort of page, microseconds per kilobyte at each size: a line that stays level is linear.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from contextlib import suppress

from watcher.errors import ExtractError
from watcher.extract import extract

LINE = "We collect your name and share it with the courier who brings the parcel, under clause {n}. "
SORTS: dict[str, Callable[[int], str]] = {
    "paragraphs": lambda n: "".join(f"<p>{i}. {LINE.format(n=i)}</p>" for i in range(n)),
    "one block with breaks": lambda n: "<div>" + "<br>".join(LINE.format(n=i) for i in range(n)) + "</div>",
    "nested elements": lambda n: "<div class=related><a href=/x>" * n + LINE * n,
    "nested lists": lambda n: "".join(f"<ul><li>{LINE.format(n=i)}" for i in range(n)),
    "one long line": lambda n: "<p>" + LINE * n,
    "links into the page": lambda n: "".join(f"<li><a href=#s{i}>Section {i}</a></li>" for i in range(n)) + LINE * n,
    "a table": lambda n: "<table>" + f"<tr><td>Name<td>Purpose<td>{LINE}</tr>" * n + "</table>",
    "unclosed brackets": lambda n: "[" * (40 * n) + "](" * (20 * n) + "&#" * n + "<" * n,
    "headings": lambda n: "".join(f"<h{i % 6 + 1}>Part {i}</h{i % 6 + 1}><p>{LINE}</p>" for i in range(n)),
    "a script shell": lambda n: "<div id=app></div><script>" + "a={" * (30 * n) + "</script>",
    "numbers": lambda n: "<p>" + "1.1.1.1.1 " * (10 * n) + "</p>" + "<p>(a) (b) 1.</p>" * n,
}


def seconds(page: str) -> float:
    """CPU seconds to read `page`."""
    started = time.process_time()
    with suppress(ExtractError):
        extract(page.encode(), content_type="text/html; charset=utf-8")
    return time.process_time() - started


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--largest", type=int, default=5_000_000)
    largest = options.parse_args().largest
    for sort, make in SORTS.items():
        unit = len(make(50)) / 50
        figures = []
        for size in (largest // 125, largest // 25, largest // 5, largest):
            page = f"<html><body><main><h1>Privacy</h1>{make(max(1, int(size / unit)))}</main></body></html>"
            figures.append(f"{len(page) // 1000:5} KB {1e9 * seconds(page) / len(page):7.1f}")
        print(f"{sort:24}", "   ".join(figures), flush=True)


if __name__ == "__main__":
    main()
