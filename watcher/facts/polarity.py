"""Whether a verb is denied, and how firmly the sentence binds itself.

The scope of a negation is the words to the left of the verb in the same sub-clause; "not limited to" and its like deny
nothing, and words after "except" or "unless" are not denied either.
"""

from __future__ import annotations

import re

from watcher.facts.passage import Passage
from watcher.records import Modality

REACH = {"en": 90, "zh": 40}  #: characters to the left of a verb in which its negation may stand


def does(passage: Passage, at: int) -> bool:
    """Whether the verb at `at` is affirmed: False for "we do not share"."""
    left = passage.text[max(0, at - REACH.get(passage.language, 90)) : at]
    for boundary in passage.cues("negation", "boundary").finditer(left):
        left_start = boundary.end()
        left = " " * left_start + left[left_start:]
    left = passage.cues("negation", "harmless").sub(" ", left)
    return len(passage.cues("negation", "words").findall(left)) % 2 == 0


def exception_after(passage: Passage, at: int) -> int | None:
    """Where an exception to the statement at `at` begins ("except", "unless", "other than"); None without one."""
    match = passage.cues("negation", "exception").search(passage.text, at)
    return match.end() if match else None


_ORDER: tuple[tuple[str, Modality], ...] = (
    ("opt_out", "opt_out"),
    ("with_consent", "with_consent"),
    ("required", "required_by_law"),
    ("may", "may"),
)


def modality(passage: Passage) -> Modality:
    """How the sentence binds itself, the strongest condition first; "will" where it states a plain practice."""
    for key, name in _ORDER:
        if passage.cues("modality", key).search(passage.text):
            return name
    return "will"


_BLANK = re.compile(r"\s+")


def tidy(text: str) -> str:
    """A subject as shown: one line, without the marks and punctuation around it."""
    return _BLANK.sub(" ", text).strip(" \t,;:.*_|\"'“”‘’()（）[]、，。；：-–—•·")
