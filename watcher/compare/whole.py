"""What one version says anywhere, looked up without cutting all of it into sentences first.

Where little changed, little is asked: a question goes to the few clauses whose letters hold its words, and only those
are cut. Who asks much has the whole version cut once, and searches that.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from itertools import accumulate

from watcher.compare.units import Sentence, Sentences, plain_quotes
from watcher.records import Document

FEW = 30  #: searches that cost less than the tables that would save them
TRIED = 4  #: words of a phrase by which it is looked for; the clauses that hold one of them may hold it
RARE = 3  #: clauses; a word that stands in no more of them is not bettered
#: Left out of a run of words: "a, b and c" is the list a, b, c.
_JOINING = frozenset({"and", "or", "和", "及", "或"})
_FOREIGN = re.compile(r"[^\W\x00-\x7f]+")


class Stream:
    """Sentences as one run of words, to look a sentence up in regardless of where sentences and items end."""

    def __init__(self, sentences: Iterable[Sequence[str]]) -> None:
        """`sentences`: the words of each."""
        self._sentences = list(sentences)
        self._asked = 0

    @cached_property
    def _words(self) -> list[str]:
        return [w for words in self._sentences for w in words if w not in _JOINING]

    @cached_property
    def _text(self) -> str:
        return f" {' '.join(self._words)} "

    @cached_property
    def _trigrams(self) -> set[tuple[str, str, str]]:
        return set(zip(self._words, self._words[1:], self._words[2:], strict=False))

    def holds(self, words: Sequence[str]) -> bool:
        """Whether the words stand in it in a row."""
        words = [w for w in words if w not in _JOINING]
        self._asked += 1
        if self._asked > FEW and not self._trigrams.issuperset(zip(words, words[1:], words[2:], strict=False)):
            return False
        return f" {' '.join(words)} " in self._text


class Whole:
    """One version as a whole."""

    def __init__(self, document: Document, read: Sentences) -> None:
        self.clauses = document.clauses
        self._read = read
        self._asked = 0
        self._found: dict[str, list[int]] = {}
        self._words: dict[int, list[str]] = {}

    def sentences(self, at: int) -> Sequence[Sentence]:
        """The sentences of the clause at that place."""
        return self._read(self.clauses[at].text)

    def holding(self, words: Collection[str]) -> Sequence[int]:
        """The places of the clauses that may say all the words, in whatever order: no other does."""
        found: Sequence[int] | None = None
        for word in sorted(words, key=len, reverse=True):
            found = self._spots(word) if found is None else [i for i in found if word in self._letters[i]]
            if not found:
                break
        return found or ()

    def count(self, word: str) -> int:
        """How often it says a word."""
        return sum(sentence.words.count(word) for i in self._spots(word) for sentence in self.sentences(i))

    def holds(self, words: Sequence[str]) -> bool:
        """Whether the words stand in it in a row, regardless of where sentences and clauses end."""
        words = [w for w in words if w not in _JOINING]
        self._asked += 1
        if self._asked > FEW or not words:
            return self._stream.holds(words)
        said = f" {' '.join(words)} "
        likely = sorted(self._likely(words), key=lambda i: said.strip() not in self._letters[i])
        return any(said in self._around(i, len(words)) for i in likely)

    @cached_property
    def _stream(self) -> Stream:
        return Stream(sentence.words for i in range(len(self.clauses)) for sentence in self.sentences(i))

    @cached_property
    def _letters(self) -> list[str]:
        """For each clause a text in which all of its words stand."""
        return [self._letters_of(clause.text) for clause in self.clauses]

    @cached_property
    def _run(self) -> tuple[str, list[int]]:
        """The letters of all clauses in a row, and where those of each begin."""
        return "\n".join(self._letters), list(accumulate((len(letters) + 1 for letters in self._letters), initial=0))

    def _spots(self, word: str) -> Sequence[int]:
        """The places of the clauses whose letters hold a word."""
        found = self._found.get(word)
        if found is None:
            found = self._found[word] = []
            run, starts = self._run
            at = run.find(word)
            while at >= 0:
                found.append(bisect_right(starts, at) - 1)
                at = run.find(word, starts[found[-1] + 1])
        return found

    def _letters_of(self, text: str) -> str:
        shown = plain_quotes(text).lower()
        if shown.isascii():
            return shown
        foreign = "".join(_FOREIGN.findall(shown))
        if unicodedata.is_normalized("NFKC", foreign) and foreign.casefold() == foreign:
            return shown  # its words are written as they are shown
        return " ".join([shown, *(word for sentence in self._read(text) for word in sentence.words)])

    def _likely(self, words: Sequence[str]) -> Sequence[int]:
        """The places of the clauses of which one holds part of these words, if any does."""
        best: Sequence[int] | None = None
        for word in sorted(set(words), key=len, reverse=True)[:TRIED]:
            found = self._spots(word)
            if best is None or len(found) < len(best):
                best = found
            if len(best) <= RARE:
                break
        return best or ()

    def _around(self, at: int, reach: int) -> str:
        """The words of a clause in a row, with as many before and behind it."""
        first = last = at
        before = behind = 0
        while first and before < reach:
            first -= 1
            before += len(self._said(first))
        while last + 1 < len(self.clauses) and behind < reach:
            last += 1
            behind += len(self._said(last))
        return f" {' '.join(word for i in range(first, last + 1) for word in self._said(i))} "

    def _said(self, at: int) -> list[str]:
        """The words of a clause in a row."""
        if at not in self._words:
            said = [word for sentence in self.sentences(at) for word in sentence.words]
            self._words[at] = [word for word in said if word not in _JOINING]
        return self._words[at]
