"""Words of a page made fit to show: harmless, with what changed marked, and short. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from rapidfuzz.distance import LCSseq

from watcher.lean import late

_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_CJK}]|\d+(?:[.,:]\d+)+|[^\W_{_CJK}]+(?:['’-][^\W_{_CJK}]+)*|\s+|.", re.DOTALL)
_WORD = re.compile(r"\w")
_IDEOGRAPH = late(f"[{_CJK}]")
_SAME = str.maketrans("‘’“”–—", "''\"\"--")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
#: no joiners (U+200C, U+200D): Persian, Hindi and emoji are written with them
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)

ALIKE = 0.4  #: quotes that share fewer of their words are shown whole: marks would be confetti
CONTEXT = 9  #: words kept on each side of a change; of ideographs, IDEOGRAPHS times as many
LONGEST = 70  #: words of one quote that are shown; likewise
IDEOGRAPHS = 2.5
SHARED, SHARED_IDEOGRAPHS = 25, 10  #: characters that two quotes of one passage have in common at least
CUT, CUT_IDEOGRAPHS = 150, 60  #: characters from which a quote may be a part of its sentence


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a quote that is shown in one way."""

    text: str
    look: Literal["same", "changed", "left_out"] = "same"  #: left_out: `text` is a count of words in brackets


Runs = tuple[Run, ...]


def clean(text: str) -> str:
    """`text` on one line, without the signs that could act on a terminal, a header or the direction of writing.

    Control characters, bidirectional overrides (Unicode UAX #9), zero-width and tag characters go; what only looks
    odd stays, for a quote must be true to its page.
    """
    return " ".join(_CONTROL.sub(" ", _UNSEEN.sub("", text)).split())


def shorten(text: str, limit: int) -> str:
    """`text` in at most `limit` characters, cut between two words and closed by an ellipsis."""
    if len(text) <= limit:
        return text
    head = ""
    for token in _TOKEN.findall(text[: 2 * limit]):
        if len(head) + len(token) >= limit:
            break
        head += token
    return (head.rstrip(" ,;:，、；：") or text[: limit - 1]) + "…"


def tokens(text: str, value: str = "") -> list[str]:
    """Words, numbers, single ideographs, spaces and signs, in order; joined they are `text` again.

    `value`: stays in one piece wherever it stands ("6 months").
    """
    if not value or value not in text:
        return _TOKEN.findall(text)
    pieces = re.split(f"({_whole(value)})", text)
    return [t for piece in pieces for t in ([piece] if piece == value else _TOKEN.findall(piece))]


def _whole(phrase: str) -> str:
    """A pattern for a phrase where it does not begin or end inside a longer word ("Cookie" is not in "Cookies")."""
    letter = f"[^\\W_{_CJK}]"
    head = f"(?<!{letter})" if re.match(letter, phrase) else ""
    tail = f"(?!{letter})" if re.match(letter, phrase[-1]) else ""
    return head + re.escape(phrase) + tail


def marked(old: str, new: str, before: str = "", after: str = "") -> tuple[Runs, Runs]:
    """Both quotes, with the words that differ marked; unmarked where hardly a word is shared, or one is missing.

    `before` and `after`: the values that the quotes state, marked as a whole.
    """
    if not (old and new):
        return _plain(old), _plain(new)
    a, b = _spaced(tokens(old, before)), _spaced(tokens(new, after))
    codes = LCSseq.opcodes([_key(t) for t in a], [_key(t) for t in b])
    parts = [(c.tag, c.src_start, c.src_end, c.dest_start, c.dest_end) for c in codes]
    same = sum(_words(a[i:j]) for tag, i, j, _, _ in parts if tag == "equal")
    if 2 * same < ALIKE * (_words(a) + _words(b)):
        return _plain(old), _plain(new)
    parts = _without_crumbs(a, b, parts)
    return _runs((a[i:j], tag) for tag, i, j, _, _ in parts), _runs((b[i:j], tag) for tag, _, _, i, j in parts)


def _spaced(words: Sequence[str]) -> list[str]:
    """Each word with the space that follows it, so that only words are compared."""
    out: list[str] = []
    for word in words:
        if word.isspace() and out:
            out[-1] += word
        else:
            out.append(word)
    return out


def pointed(text: str, spoken: Iterable[str]) -> Runs:
    """A quote that stands alone, with the words marked that are spoken of; unmarked where those are most of it."""
    found = sorted({s for s in spoken if s and 2 * len(s) < len(text)}, key=len, reverse=True)
    if not found:
        return _plain(text)
    pieces = re.split(f"({'|'.join(map(_whole, found))})", text, flags=re.IGNORECASE)
    return tuple(Run(piece, "changed" if index % 2 else "same") for index, piece in enumerate(pieces) if piece)


def overlap(first: str, second: str) -> int:
    """By how many characters the end of `first` is the beginning of `second`, if that can be no chance; else 0."""
    if first[-SHARED_IDEOGRAPHS:] not in second:
        return 0
    tail = first[-(SHARED_IDEOGRAPHS if mostly_ideographs(first[-SHARED:]) else SHARED) :]
    at = second.find(tail)
    while at >= 0:
        count = at + len(tail)
        if first.endswith(second[:count]):
            return count
        at = second.find(tail, at + 1)
    return 0


def is_beside(first: str, second: str) -> bool:
    """Whether two quotes are parts of one passage: one lies in the other, or they overlap."""
    return first in second or second in first or bool(overlap(first, second) or overlap(second, first))


def joined(quotes: Iterable[str]) -> str:
    """Quotes that overlap, as the passage that they are parts of; what does not overlap is set apart by an ellipsis."""
    pieces: list[str] = []
    for quote in dict.fromkeys(quotes):
        at = next((i for i, piece in enumerate(pieces) if is_beside(piece, quote)), None)
        if at is None:
            pieces.append(quote)
        elif quote not in pieces[at]:
            pieces[at] = _union(pieces[at], quote)
    return " … ".join(pieces)


def _union(first: str, second: str) -> str:
    if first in second:
        return second
    if count := overlap(first, second):
        return first + second[count:]
    return second + first[overlap(second, first) :]


def framed(runs: Runs) -> Runs:
    """A long quote that begins or ends within a sentence, with the ellipsis that says so."""
    text = "".join(run.text for run in runs)
    if len(text) < (CUT_IDEOGRAPHS if mostly_ideographs(text) else CUT):
        return runs
    head = (Run("… ", "left_out"),) if _WITHIN.match(text) else ()
    tail = (Run(" …", "left_out"),) if text.rstrip()[-1] not in _ENDS and runs[-1].look != "left_out" else ()
    return (*head, *runs, *tail)


_WITHIN = re.compile(r"[a-zà-ÿ]{2}|[,;，；、]")
_ENDS = ".!?;:。！？；：…\"'”’»)）】」|"
_Part = tuple[str, int, int, int, int]


def _without_crumbs(a: Sequence[str], b: Sequence[str], parts: Sequence[_Part]) -> list[_Part]:
    """Equal stretches of a word or two between two changes join them: a phrase reads better than its pieces."""
    out: list[_Part] = []
    for index, (tag, i1, i2, j1, j2) in enumerate(parts):
        inside = 0 < index < len(parts) - 1
        if tag == "equal" and inside and (_words(a[i1:i2]) <= 1 or not _words(b[j1:j2])):
            tag = "replace"
        tag = "equal" if tag == "equal" else "replace"
        if out and out[-1][0] == tag:
            _, p1, _, q1, _ = out[-1]
            out[-1] = (tag, p1, i2, q1, j2)
        else:
            out.append((tag, i1, i2, j1, j2))
    return out


def _runs(parts: Iterator[tuple[Sequence[str], str]]) -> Runs:
    """Where words were put in or taken out, the other quote has an empty marked run: there it is worth showing."""
    return tuple(
        run for words, tag in parts for run in ([Run("".join(words))] if tag == "equal" else _changed("".join(words)))
    )


def _changed(text: str) -> Iterator[Run]:
    """A marked run, its outer spaces left unmarked."""
    bare = text.strip()
    if before := text[: len(text) - len(text.lstrip())]:
        yield Run(before)
    yield Run(bare, "changed")
    if bare and (after := text[len(text.rstrip()) :]):
        yield Run(after)


def abridged(runs: Runs, *, word: str = "words", most: int = LONGEST) -> Runs:
    """`runs` with the unchanged words far from any change left out and counted, and at most `most` words kept."""
    text = "".join(r.text for r in runs)
    scale = IDEOGRAPHS if mostly_ideographs(text) else 1.0
    left, context = int(most * scale), int(CONTEXT * scale)
    if _words(tokens(text)) <= left:
        return _joined(runs)
    out: list[Run] = []
    marks = any(r.look == "changed" for r in runs)
    for index, run in enumerate(runs):
        words = tokens(run.text)
        if run.look == "same" and marks:
            pieces = _around(words, 0 if index == 0 else context, 0 if index == len(runs) - 1 else context)
        else:
            pieces = [(words, True)]
        for piece, keep in pieces:
            head, rest = _at(piece, left) if keep else ([], piece)
            left -= _words(head)
            out += [Run("".join(head), run.look)] if head else []
            out += [Run(str(_words(rest)), "left_out")] if _words(rest) else []
    return _counted(out, word)


def _around(words: list[str], head: int, tail: int) -> list[tuple[list[str], bool]]:
    """An unchanged stretch as (words, whether to keep them): its ends stay where they touch a change."""
    count = _words(words)
    if count <= 1.5 * (head + tail):
        return [(words, True)]
    start, rest = _at(words, head)
    middle, end = _at(rest, count - head - tail)
    return [(start, True), (middle, False), (end, True)]


def _at(words: list[str], count: int) -> tuple[list[str], list[str]]:
    """`words` cut after so many real words."""
    seen = 0
    for index, word in enumerate(words):
        if seen >= count and _WORD.match(word):
            return words[:index], words[index:]
        seen += bool(_WORD.match(word))
    return words, []


def _counted(runs: Sequence[Run], word: str) -> Runs:
    """Neighbouring counts added up, and said."""
    out: list[Run] = []
    for left_out, group in groupby(runs, key=lambda r: r.look == "left_out"):
        if left_out:
            space = " " if out and not out[-1].text.endswith(" ") else ""
            out.append(Run(f"{space}[…{sum(int(r.text) for r in group)} {word}…] ", "left_out"))
        else:
            out += _joined(tuple(group))
    if out and out[-1].look == "left_out":
        out[-1] = Run(out[-1].text.rstrip(), "left_out")
    return tuple(out)


def _joined(runs: Runs) -> Runs:
    some = (r for r in runs if r.text)
    return tuple(Run("".join(r.text for r in group), look) for look, group in groupby(some, key=lambda r: r.look))


def _plain(text: str) -> Runs:
    return (Run(text),) if text else ()


def _key(token: str) -> str:
    return token.strip().translate(_SAME).casefold()


def _words(words: Sequence[str]) -> int:
    return sum(1 for w in words if _WORD.match(w))


def mostly_ideographs(text: str) -> bool:
    """Whether a text is counted in characters (Chinese, Japanese) and not in words."""
    return not text.isascii() and 2 * len(_IDEOGRAPH.findall(text)) > len(re.findall(r"\w+", text))
