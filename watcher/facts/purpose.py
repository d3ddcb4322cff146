"""What data is used for: the concepts of the field (rule "purpose advertising"), and verb phrases (rule "use")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.facts import cues
from watcher.facts.concepts import concept_facts
from watcher.facts.passage import Passage, tidy
from watcher.lang.names import noun_key
from watcher.records import Fact

_CUT = re.compile(
    r"[:(|]|\.(?=[a-z]{4})"  # a stop in a word: two sentences without a space
    r"|\b(?:that|which|who|when|where|if|as described|such as|including|unless|except|based on|in accordance|by"
    r"|so that|because|while|through|via|for example|e\.g|pursuant|subject to|as well as|as required|as permitted)\b"
)
_HAN_CUT = re.compile(r"[：:（(]|(?:时|我们|您可|如果|若|包括|例如)")
_JOINT = re.compile(r"\s*(?:[;•]|,(?: and| or)?|\band(?:/or)?\b|\bor\b|\(?\b(?:[ivx]{1,4}|[a-z]|\d)\))\s+(?:to\s+)?$")
_HAN_JOINT = re.compile(r"(?:[，,、；;]|以及|并且|及|和|并)$")
JOINT = 24  #: signs of the longest joint
WORDS = 7  #: content words of a purpose that make its key


def facts(passage: Passage) -> Iterator[Fact]:
    """Purposes of use that the passage states."""
    yield from concept_facts(passage, "purpose")
    seen: set[str] = set()
    for start, end in _regions(passage):
        for a, b in _actions(passage, start, end):
            text = passage.text[a:b]
            key = purpose_key(text, passage.language)
            if passage.own(a) and _says_something(key, passage.language) and key not in seen:
                seen.add(key)
                yield passage.fact("purpose", "use", (a, b), key=key, subject=tidy(text), polarity=passage.does(start))


def _regions(passage: Passage) -> Iterator[tuple[int, int]]:
    """The part of the text that enumerates purposes; none in a column that names the legal basis."""
    if "legal_basis" in passage.column and "purpose" not in passage.column:
        return
    frame = passage.find("purpose", "frames") if passage.may(cues.AIM) or ":" in passage.low else None
    if frame and frame.lastgroup:
        yield frame.span(frame.lastgroup)
    elif passage.first and "purpose" in passage.topics and passage.clause.shape in ("item", "term", "row"):
        yield passage.body, len(passage.text)


def _actions(passage: Passage, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The verb phrases of a region: it is cut where a joint is followed by a verb of purpose."""
    if not passage.may("purpose.verbs"):
        return
    han, verbs = passage.language == "zh", [at for at, _ in passage.spans("purpose", "verbs")]
    begin = start
    for verb in verbs:
        if begin < verb < end:
            joint = (_HAN_JOINT if han else _JOINT).search(passage.low, max(begin, verb - JOINT), verb)
            if joint and joint.start() > begin:
                yield from _action(passage.low, begin, joint.start(), han, verbs)
                begin = verb
    yield from _action(passage.low, begin, end, han, verbs)


def _action(low: str, start: int, end: int, han: bool, verbs: list[int]) -> Iterator[tuple[int, int]]:
    stop = (_HAN_CUT if han else _CUT).search(low, start + 1, end)
    end = stop.start() if stop else end
    while end > start and low[end - 1] in " ,.;，。；、":
        end -= 1
    if 3 < end - start < 160 and any(start <= at <= start + 24 for at in verbs):
        yield start, end


def _says_something(key: str, language: str) -> bool:
    """Whether a purpose is more than a bare verb."""
    return len(key) > 3 if language == "zh" else " " in key


def purpose_key(phrase: str, language: str) -> str:
    """The first content words of a purpose, each cut to its first six letters, so that endings do not matter."""
    key = noun_key(phrase, language)
    return key[:24] if language == "zh" else " ".join(word[:6] for word in key.split()[:WORDS])
