"""Which words govern a name, and so what its bearer is to the data: it sends our letters, it holds what we store.

The role is read off the class of the governing word (what is done, and "by", "through" or "on" whom; "our host, ...";
由…提供), whatever the sentence is about. What is told of the reader's own doings governs nothing here.
"""

from __future__ import annotations

import re
from functools import cache

from watcher.facts import cues
from watcher.facts.passage import Passage
from watcher.lang import vocabulary
from watcher.lang.names import Name

#: Lists of cues without one of which no name is governed.
GATE = ("sharing.deeds", "sharing.keeping", "sharing.sending", "sharing.ours")
REACH = 120  #: characters before a name in which the word that governs it stands


def is_governed(passage: Passage, name: Name) -> bool:
    """Whether the words around a name tell that what is done with data is done by its bearer, or goes there."""
    if not passage.may(*GATE):
        return False
    if passage.language == "zh":
        return _is_governed_zh(passage, name)
    low = passage.low
    if _words("abstract", "(?:{})").match(low, name.end) or passage.text.endswith("Via ", 0, name.start):
        return False  # "the Acme protocol" is nobody, "Via Acme" an Italian street
    left = low[max(0, name.start - REACH) : name.start].rstrip(_OPENING)
    if _words("ours", r"\b(?:{})$").search(left) or _begins_with_tool(passage, name, left):
        return True
    held = name.known or _kind_follows(low, name.end)
    if _is_done(ARTICLE.sub("", left) if held else left, held):
        return True
    kind = _words("kinds", r"\b(?:our|the|an?|its|their) (?:[\w-]+ ){{0,3}}?(?:{})(?: called| named)?,?$").search(left)
    return kind is not None and _is_done(left[: kind.start()].rstrip(), held=True)


_OPENING = " \"'“‘*[("
ARTICLE = re.compile(r" (?:the|an?|our)$")  #: before a name, where one may stand
_WE = re.compile(r"['’]?\)?,? (?:we|our)\b")
_TOOLS_FIRST = frozenset({"with", "using", "through", "via", "thanks to", "by means of", "with the help of"})


def _begins_with_tool(passage: Passage, name: Name, left: str) -> bool:
    """Whether the sentence begins with what we use: "With Acme, we measure visits"."""
    return left[passage.body :] in _TOOLS_FIRST and _WE.match(passage.low, name.end) is not None


def _kind_follows(low: str, at: int) -> bool:
    """Whether the word after a name says what kind of party or tool it is: "the Acme agency"."""
    return _words("kinds", r"(?:['’]s)? (?:[\w-]+ )?(?:{})\b").match(low, at) is not None


def _is_done(left: str, held: bool) -> bool:
    """Whether `left` ends in what is done "by", "on" or "to" whomever follows, not by the reader.

    `held`: whether what follows may also be what data is held in; of an unknown name that is often a place.
    """
    for match in _doing().finditer(left):
        inside = match["inside"] is not None
        if _TURNS.search(match.group()) or _undone().search(match.group()) or (inside and not held):
            continue
        before = left[: match.start()].rstrip(" •·–-")
        if not _READER.search(left, 0, match.start()) and (before[-1:] not in _ANEW or _is_told(match)):
            return True
    return False


_ANEW = ("", ".", ":", "|", ">", "→")  #: what stands before the first word of a request


def _is_told(match: re.Match[str]) -> bool:
    """Whether the first verb is no request to the reader: "sent to Acme", not "go to Acme"."""
    return match.group().partition(" ")[0].endswith(("ed", "ing", "sent", "kept", "held", "run", "is", "are"))


_TURNS = re.compile(
    r"\b(?:interact\w+|accordance|compl\w+|connection|relationships?|associated|together|contact|correspond\w+) with\b"
    r"|\b(?:you|if|when|while|because|unless|who|until|and we|or we|but|please)\b"
)
_READER = re.compile(
    r"\b(?:you|users?|members?|customers?|apps?|games?|clients?|devices?)"
    r"(?: (?:can|may|might|could|will|also|have|choose to|decide to|want to|wish to|or|then|only|must|should))* $"
)


@cache
def _undone() -> re.Pattern[str]:
    """What is done that makes nobody a party, right after its auxiliary."""
    words = "|".join(vocabulary("en")["sharing"]["undone"])
    return re.compile(rf"^(?:is|are|was|were|be|been|being|gets?) (?:\w+ ){{0,2}}?(?:{words})\b")


@cache
def _doing() -> re.Pattern[str]:
    """What is done and the preposition after which whoever does it follows, at the end of a text."""
    table = vocabulary("en")["sharing"]
    deeds, kept, sent, through = ("|".join(table[key]) for key in ("deeds", "keeping", "sending", "through"))
    gap = r"(?: [^.;:()]{0,80}?)?"
    house = r"(?: (?:the |our )?(?:servers?|clouds?|data cent(?:er|re)s?|systems?|infrastructure|facilit(?:y|ies)))"
    return re.compile(
        rf"\b(?:(?:{deeds}|{kept}|{sent}){gap} (?:{through})"
        rf"|(?:{kept}){gap} (?:on|(?P<inside>in|at|within)|(?:in|on|at|within){house} (?:of|at|from|(?:\w+ )?by))"
        rf"|(?:{sent}){gap} (?:to|with|into))$"
    )


@cache
def _words(key: str, frame: str, language: str = "en") -> re.Pattern[str]:
    """The words of `[sharing] key` within a frame."""
    return re.compile(frame.format("|".join(vocabulary(language)["sharing"][key])))


# --- Chinese: the preposition stands before the name, what is done after it -------------------------------------------


def _is_governed_zh(passage: Passage, name: Name) -> bool:
    low = passage.low
    left = low[max(0, name.start - REACH) : name.start].rstrip(_OPENING_ZH)
    if _words("abstract", "(?:{})", "zh").match(low, name.end):
        return False
    if cues.pattern("zh", "sharing", "accounts").match(low, name.end) or _words("readers", "(?:{})$", "zh").search(
        left
    ):
        return False
    if _words("through", "(?:{})$", "zh").search(left):
        return _words("deeds", _AFTER_ZH, "zh").match(low, name.end) is not None
    return any(_words(key, "(?:{})$", "zh").search(left) is not None for key in ("keeping", "sending", "ours"))


_OPENING_ZH = ' “‘「《【（("'
_AFTER_ZH = (
    r"[”’」》】]?(?:[（(][^（()）]{{0,40}}[)）])?"
    r"(?:等|的|sdk|平台|系统|服务|技术|接口|短信|云|公司|来|为我们|为您|向您|向我们)*(?:{})"
)
