#!/usr/bin/env python3
"""Completeness: a sentence is put into each good capture, after a policy paragraph, item or table row; is it read?

    bench/completeness.py STREAMS [--per-page N] [--seed S] [--show]

STREAMS holds folders of captures (000.html ...) with truth.json, or such folders packed as NAME.tar.xz; only captures
that truth.json calls good are used. A place is an element <p>, <li> or <tr> in the page's source that holds at least a
sentence (60 characters), stands outside navigation, header, footer, aside, dialog and scripts, and is not mostly link.
The new element is a sibling of the same kind right after it. It is read if one clause holds the sentence whole. The
places are chosen without asking the extractor. Prints one JSON line, and with --show each miss.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.streams import steps
from watcher.errors import ExtractError
from watcher.extract import extract
from watcher.lang.words import normal

SENTENCE = "We also hand the sealed ledger of {n} visits to the harbour clerk of Zurich for nine weeks."
_PLACE = re.compile(
    r"<(p|li|tr)\b[^<>]*>((?:(?!</?(?:p|li|tr|ul|ol|table|div|section)\b).){60,6000}?)</\1>", re.S | re.I
)
_ELSEWHERE = re.compile(r"<(nav|header|footer|aside|dialog|script|style|noscript|template|select|button|form)\b", re.I)
_TAG = re.compile(r"<[^<>]*>")
_LINK = re.compile(r"<a\b[^<>]*>(.*?)</a>", re.S | re.I)


def captures(root: Path) -> Iterator[tuple[str, str]]:
    """(name, text) of each good capture below `root`."""
    for step in steps(root):
        if step.good:
            yield f"{step.stream}/{step.file}", step.text


def elsewhere(page: str) -> list[tuple[int, int]]:
    """Stretches of a page's source that are no policy by their element."""
    spans, at = [], 0
    while match := _ELSEWHERE.search(page, at):
        end = page.find(f"</{match[1]}", match.end())
        at = end if end > 0 else match.end()
        spans.append((match.start(), at))
    return spans


def places(page: str) -> list[tuple[str, int]]:
    """(element, offset right after it) of the policy's paragraphs, items and rows."""
    spans = elsewhere(page)
    found = []
    for match in _PLACE.finditer(page):
        words = _TAG.sub("", match[2]).strip()
        linked = sum(len(_TAG.sub("", text)) for text in _LINK.findall(match[2]))
        if len(words) < 60 or linked * 2 > len(words) or "\\n" in words or '":"' in words:
            continue
        if not any(start <= match.start() < end for start, end in spans):
            found.append((match[1].lower(), match.end()))
    return found


def with_sentence(page: str, place: tuple[str, int], sentence: str) -> str:
    """The page with `sentence` as a new element after `place`; a row gets it in its first of two cells."""
    kind, at = place
    inner = f"<td>{sentence}</td><td>Nine weeks</td>" if kind == "tr" else sentence
    return f"{page[:at]}<{kind}>{inner}</{kind}>{page[at:]}"


def is_read(page: str, sentence: str) -> bool:
    """Whether one clause of the page holds the sentence whole."""
    try:
        document = extract(page.encode(), content_type="text/html; charset=utf-8")
    except ExtractError:
        return False
    return any(normal(sentence) in normal(clause.text) for clause in document.clauses)


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("streams", type=Path)
    options.add_argument("--per-page", type=int, default=1)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--show", action="store_true", help="name each miss")
    given = options.parse_args()
    chance = random.Random(given.seed)
    tried: Counter[str] = Counter()
    read: Counter[str] = Counter()
    for name, page in captures(given.streams):
        found = places(page)
        for _ in range(given.per_page if found else 0):
            place = chance.choice(found)
            sentence = SENTENCE.format(n=chance.randrange(1000, 9999))
            tried[place[0]] += 1
            if is_read(with_sentence(page, place, sentence), sentence):
                read[place[0]] += 1
            elif given.show:
                before = " ".join(_TAG.sub(" ", page[max(0, place[1] - 300) : place[1]]).split())[-120:]
                print(f"{name}: not read after <{place[0]}> … {before}", file=sys.stderr)
    total = sum(tried.values())
    share = round(sum(read.values()) / max(1, total), 4)
    print(json.dumps({"inserted": total, "read": sum(read.values()), "share": share, "kinds": dict(tried)}))


if __name__ == "__main__":
    main()
