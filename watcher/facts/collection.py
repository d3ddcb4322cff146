"""Which data is collected: the items of enumerations that end in a noun of data, and their neighbours in the list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from watcher.facts.passage import Passage, Phrase, is_list_joint, tidy
from watcher.lang import vocabulary
from watcher.lang.names import noun_key, with_plurals
from watcher.records import Fact

LONGEST = {"en": 70, "zh": 24}  #: signs of a category of data
_OPENERS = (
    "such as",
    "like",
    "including",
    "includes",
    "e.g.",
    "example",
    "collect",
    "your",
    "receive",
    "（",
    "(",
    "包括",
)
_DOING = re.compile(r"(?:complet|fill|us|provid|submitt|contact|send|visit|click)ing\b")  #: begins no name of data
#: Nouns of data that are something to do after "to": "to contact you", "to record".
_DEEDS = frozenset(
    {"contact", "record", "log", "name", "address", "message", "email", "phone", "photograph", "document", "post"}
    | {"comment", "review", "purchase", "order", "search", "track", "call", "chat", "text", "profile", "view", "report"}
)
_LAW = re.compile(r"\b(?:Act|Law|Regulation|Directive|Ordinance|Decree)\b")  #: in the name of a law
NEIGHBOUR = {"en": 32, "zh": 12}  #: signs of one that is known by its list alone


def facts(passage: Passage) -> Iterator[Fact]:
    """Categories of data that `passage` says are collected, or not collected."""
    if not passage.about("collection", "cues"):
        return
    seen: set[str] = set()
    for phrase in _categories(passage):
        text = passage.text[phrase.start : phrase.end]
        key = noun_key(text, passage.language)
        if len(key) < 2 or key in seen or key in _vague(passage.language):
            continue
        seen.add(key)
        yield passage.fact(
            "collection",
            "data category",
            (phrase.start, phrase.end),
            key=key,
            subject=tidy(text),
            polarity=_affirmed(passage, phrase.start),
        )


def _affirmed(passage: Passage, at: int) -> bool:
    """Polarity of the last verb of collecting before a category at `at`; affirmed where there is none."""
    verbs = [verb.start() for verb in passage.all("collection", "verbs") if verb.start() < at]
    return not verbs or passage.does(verbs[-1])


def _categories(passage: Passage) -> Iterator[Phrase]:
    """Phrases that end in a noun of data, and phrases between two such ones in a list."""
    longest = LONGEST.get(passage.language, 70)
    phrases = [p for p in passage.phrases if p.end - p.start <= longest]
    known = [_is_data(passage, p) for p in phrases]
    if True not in known:
        return
    for i, phrase in enumerate(phrases):
        if passage.own(phrase.start) and (known[i] or _in_list(passage, phrases, known, i)):
            yield phrase


def _in_list(passage: Passage, phrases: list[Phrase], known: list[bool], i: int) -> bool:
    """Whether an item follows data in a list that goes on with data or ends here, so that it is data too."""
    here = phrases[i]
    if here.end - here.start > NEIGHBOUR.get(passage.language, 32) or not is_list_joint(here.joint):
        return False
    if i == 0 or not known[i - 1] or here.start - phrases[i - 1].end > 12:
        return False
    goes_on = i + 1 < len(phrases) and is_list_joint(phrases[i + 1].joint)
    return known[i + 1] if goes_on else is_list_joint(phrases[i - 1].joint) or phrases[i - 1].joint.endswith(_OPENERS)


def _is_data(passage: Passage, phrase: Phrase) -> bool:
    """Whether a phrase ends in a noun of data."""
    low = passage.low[phrase.start : phrase.end]
    if not ends_in_data(low, passage.language) or _DOING.match(low):
        return False
    if low in _DEEDS and phrase.joint.endswith("to"):
        return False
    return not _LAW.search(passage.text, phrase.start, phrase.end) and not _in_title(passage.text, phrase.start)


def ends_in_data(low: str, language: str) -> bool:
    """Whether a phrase in lower case ends in a noun of data."""
    return _ends_in_data_zh(low) if language == "zh" else _ends_in_data(low)


def _ends_in_data(low: str) -> bool:
    if low[low.rfind(" ") + 1 :] in _heads():
        return True
    of = low.find(" of ")
    return of >= 0 and low[low.rfind(" ", 0, of) + 1 : of] in _heads()


def _ends_in_data_zh(low: str) -> bool:
    return low.removesuffix("信息").removesuffix("等").endswith(_endings()) or low.endswith(_endings())


def _in_title(text: str, at: int) -> bool:
    """Whether 《…》, the title of a law or a document, stands open at `at`."""
    return "《" in text and text.rfind("《", 0, at) > text.rfind("》", 0, at)


@cache
def _heads() -> frozenset[str]:
    return with_plurals(vocabulary("en")["collection"]["heads"])


@cache
def _endings() -> tuple[str, ...]:
    return tuple(vocabulary("zh")["collection"]["heads"])


@cache
def _vague(language: str) -> frozenset[str]:
    return frozenset(vocabulary(language)["collection"]["vague"])
