"""A linear classifier's weights, stored as data, and the sum that turns a text's n-grams into scores.

A file is gzip of one line of JSON (labels, bias, cues, scale, and how many bytes the names take), one n-gram a line,
then a byte (128 means 0) per n-gram and category. At run time nothing but addition is left: the inverse document
frequency is folded into the weights, and the length of a text is evened out by the root of the number of its known
n-grams (`evened`). `bench/train_categories.py` writes the files.
"""

from __future__ import annotations

import gzip
import json
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from math import sqrt
from pathlib import Path
from zlib import crc32

from watcher.lang.phrases import END, Line

DATA = Path(__file__).parent / "data"
_FEW = 6  #: so many n-grams are added to the count, lest a text of three words speak as loudly as a paragraph
_ZERO = 128  #: the byte that stands for a weight of 0
_NOT_WORD = re.compile(r"[\W_]+")


def ngrams(line: Line) -> dict[str, str]:
    """A text's n-grams, each with the words as written: English stems alone and in pairs, 1 to 3 Chinese characters."""
    if line.zh:
        runs = _NOT_WORD.sub(" ", line.written).split()
        every = [run[i : i + n] for run in runs for n in (1, 2, 3) for i in range(len(run) - n + 1)]
        return dict(zip(every, every, strict=True))
    grams = {s: w for s, w in zip(line.stems, line.words, strict=True) if s != END}
    for i in range(1, len(line.stems)):
        one, two = line.stems[i - 1 : i + 1]
        if one != END and two != END:
            grams[f"{one} {two}"] = f"{line.words[i - 1]} {line.words[i]}"
    return grams


def evened(known: int) -> float:
    """What each n-gram counts in a text that has so many known ones."""
    return 1 / sqrt(known + _FEW)


class Grams:
    """Where the row of each n-gram begins: 25,000 of them in a sixth of the memory of a dict."""

    def __init__(self, names: bytes, width: int) -> None:
        """`names`: one n-gram a line, in the order of their rows, which are `width` long."""
        grams = names.split(b"\n")
        sums = list(map(crc32, grams))
        order = sorted(range(len(grams)), key=sums.__getitem__)
        ends = [0, *accumulate(len(gram) + 1 for gram in grams)]
        self._names, self._width = names, width
        self._sums = array("I", [sums[place] for place in order])  #: of the n-grams, rising
        self._order = array("I", order)  #: the n-gram of each sum
        self._begins = array("I", ends)  #: of each n-gram, in `names`

    def get(self, gram: str) -> int | None:
        """Where its row begins; None for an unknown one."""
        name = gram.encode()
        sought = crc32(name)
        at = bisect_left(self._sums, sought)
        while at < len(self._sums) and self._sums[at] == sought:
            place = self._order[at]
            if self._names[self._begins[place] : self._begins[place + 1] - 1] == name:
                return place * self._width
            at += 1
        return None


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights of one language. A score is a log-odds: above 0, the category is more likely than not."""

    labels: tuple[str, ...]
    bias: tuple[float, ...]
    cues: Mapping[str, tuple[float, ...]]  #: weights of the features that are not n-grams
    scale: float  #: what one unit of a stored weight is worth
    index: Grams  #: n-gram -> where its row begins in `rows`
    rows: bytes  #: one byte per label, len(labels) a row

    def weight(self, gram: str, label: int) -> int:
        """An n-gram's weight for one label, in units of `scale`; 0 for an unknown one."""
        at = self.index.get(gram)
        return 0 if at is None else self.rows[at + label] - _ZERO

    def scores(self, grams: Iterable[str], cues: Mapping[str, float]) -> tuple[list[float], float]:
        """The score of each label, and what one stored unit of an n-gram's weight is worth in this text."""
        rows, width = self.rows, len(self.labels)
        known = [rows[at : at + width] for at in map(self.index.get, grams) if at is not None]
        unit = self.scale * evened(len(known))
        total = [0.0] * width
        if known:
            total = [(sum(column) - _ZERO * len(known)) * unit for column in zip(*known, strict=True)]
        for cue, value in cues.items():
            for k, weight in enumerate(self.cues.get(cue, ())):
                total[k] += weight * value
        return [score + bias for score, bias in zip(total, self.bias, strict=True)], unit


@cache
def load(name: str) -> Linear:
    """The weights stored as `data/NAME`. Raises FileNotFoundError where there are none."""
    raw = gzip.decompress((DATA / name).read_bytes())
    head, _, rest = raw.partition(b"\n")
    meta = json.loads(head)
    names, rows = rest[: meta["bytes"]], rest[meta["bytes"] :]
    return Linear(
        labels=tuple(meta["labels"]),
        bias=tuple(meta["bias"]),
        cues={cue: tuple(weights) for cue, weights in meta["cues"].items()},
        scale=meta["scale"],
        index=Grams(names, len(meta["labels"])),
        rows=rows,
    )


def save(
    path: Path,
    *,
    labels: Sequence[str],
    bias: Sequence[float],
    cues: Mapping[str, Sequence[float]],
    scale: float,
    grams: Sequence[str],
    rows: bytes,
) -> None:
    """Write weights as `load` reads them: `rows` are signed bytes. The same weights give the same file."""
    names = "\n".join(grams).encode()
    head = {"labels": list(labels), "bias": list(bias), "cues": {k: list(v) for k, v in cues.items()}}
    meta = json.dumps(head | {"scale": scale, "bytes": len(names)}, ensure_ascii=False)
    shifted = rows.translate(bytes((value + _ZERO) % 256 for value in range(256)))
    path.write_bytes(gzip.compress(meta.encode() + b"\n" + names + shifted, 9, mtime=0))
