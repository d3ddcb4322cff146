"""How a name stands in its sentence: what the words around it tell of whether data goes to its bearer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from watcher.facts import cues
from watcher.facts.governing import ARTICLE, is_governed
from watcher.facts.passage import Passage
from watcher.lang import vocabulary
from watcher.lang.names import Name, is_company, known_names, latin_words

LOGIN = 110  #: characters before a name in which a sign-in tells that the reader chose it
BARE = 40  #: signs of an entry that is no more than a name
LIST = 160  #: characters between two members of a list of recipients


def is_mentioned(passage: Passage, name: Name) -> bool:
    """Whether the words before a name tell that it is only mentioned: a former name, where a link leads."""
    before = passage.low[max(0, name.start - LOGIN) : name.start]
    return _elsewhere(passage.language, "mentioned").search(before) is not None


def handles(passage: Passage, at: int) -> bool:
    """Whether a known name is the one who handles data: "processing of your data by Acme"."""
    return (
        passage.low.endswith((" by ", " with ", " to "), 0, at) and passage.find("sharing", "data", 0, at) is not None
    )


def accounts(passage: Passage, names: Sequence[Name]) -> frozenset[int]:
    """Where known names begin that only say whose account, alone or by the list's last: "with your Acme or Bolt ID"."""
    words = cues.pattern(passage.language, "sharing", "accounts")
    found: set[int] = set()
    following: Name | None = None
    for name in reversed(names):
        listed = following is not None and not passage.low[name.end : following.start].strip(CHAIN)
        account = words.search(passage.low, name.start, name.end) or words.match(
            passage.low, _next_word(passage.low, name.end)
        )
        if account or (listed and following and following.start in found):
            found.add(name.start)
        following = name
    return frozenset(found)


def _next_word(low: str, at: int) -> int:
    """Where the word after a name begins, a possessive and the end of a bracket passed over."""
    match = _PASSED.match(low, at)
    return match.end() if match else at


_PASSED = re.compile(r"(?:['’]s?)?[)）]?,? ?")


def is_aside(passage: Passage, name: Name, governed: bool) -> bool:
    """Whether a known name only says whose something is ("your Google account"), or where data comes from."""
    after, before = passage.low[name.end : name.end + 48], passage.low[max(0, name.start - 28) : name.start]
    if _belonging(passage.language).match(after):
        return not (governed and _SERVERS.match(after))
    if _elsewhere(passage.language, "elsewhere").search(before) and not governed:
        return True
    return _is_source(passage, name.start) or _is_connected(passage, name) or _tells_us(passage, name)


def _is_connected(passage: Passage, name: Name) -> bool:
    """Whether a name is that of a platform that the reader connects, or within whose app this one runs."""
    before = passage.low[max(0, name.start - LOGIN) : name.start]
    login = _login(passage.language).search(before)
    connected = _elsewhere(passage.language, "connections").search(before) is not None
    if login is None or (not connected and _handed_on(passage.language).search(before, login.end())):
        return connected
    # Where the sentence goes on to say which data of the account pass, the platform is a party to be told.
    return cues.pattern(passage.language, "sharing", "passing").search(passage.low, name.end) is None


def _tells_us(passage: Passage, name: Name) -> bool:
    """Whether the named company is the one who gives: "Acme will share your name with us"."""
    return cues.pattern(passage.language, "sharing", "giving").match(passage.low, name.end + 1) is not None


@cache
def _login(language: str) -> re.Pattern[str]:
    """A sign-in, or an account, of the reader's choice; what is named after it is where the account is."""
    return re.compile(rf"(?:{'|'.join(vocabulary(language)['sharing']['logins'])})")


@cache
def _handed_on(language: str) -> re.Pattern[str]:
    """Words after which a name receives data, whatever was said before: another verb of sharing, a company of ours."""
    return re.compile("|".join(vocabulary(language)["sharing"]["onward"]))


@cache
def _elsewhere(language: str, key: str) -> re.Pattern[str]:
    """The words of `[sharing] key` in front of a name that receives nothing by them."""
    start = "" if language == "zh" or key == "elsewhere" else r"\b"
    return re.compile(rf"{start}(?:{'|'.join(vocabulary(language)['sharing'][key])})\W*$")


@cache
def _belonging(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?:['’]s)?[ -]?(?:{'|'.join(vocabulary(language)['sharing']['belongings'])})(?![a-z])")


def _is_source(passage: Passage, at: int) -> bool:
    """Whether what stands at `at` gives data instead of getting it: "from X" after a verb of receiving."""
    if _FROM.match(passage.low, passage.body) and not passage.find("sharing", "verbs", passage.body, at):
        return True
    sources = [m for m in passage.all("sharing", "sources") if m.end() <= at]
    return (
        bool(sources) and at - sources[-1].end() <= 60 and not passage.find("sharing", "verbs", sources[-1].end(), at)
    )


_SERVERS = re.compile("['’]s? (?:\\w+ )?(?:servers|systems)")
_FROM = re.compile(r"from (?!time|\d)")  #: how an item begins that tells a source


def is_given(passage: Passage, name: Name) -> bool:
    """Whether data comes from the bearer of a name, or the reader connects it: nothing goes there by that."""
    return _is_source(passage, name.start) or _is_connected(passage, name)


def stands_in_list(passage: Passage, name: Name, told: Sequence[Name], stated: Sequence[Name]) -> bool:
    """Whether an unknown name heads an entry of a list of recipients, or is next in one after another recipient.

    `told`: the recipients so far; `stated`: those of them of which the grammar tells, whatever the sentence is about.
    """
    if not passage.low[: name.start].rstrip(_OPENING) or name.start == passage.body:
        return _heads_entry(passage, name)
    first = told if _is_handing(passage) else stated
    if not first or is_given(passage, name):
        return False
    return any(follows(passage, t, name) for t in first if t.end <= name.start <= t.end + LIST)


_OPENING = " \"'“‘*[(（"
CHAIN = " ,;、，/()&®™and和或及与or"
WITHIN = CHAIN.translate(str.maketrans("", "", "()（"))  #: of a list that no bracket ends
_ASIDE = re.compile(r"[(（][^()（）]{0,60}[)）]")
#: What stands between two members of a list: "and, in Asia,", "and its fallback".
_NEXT = re.compile(
    r"[®™)]?,? (?:and|or|as well as)(?: also)?"
    r"(?:,? (?:in|for|on|within) (?:[\w-]+ ){0,2}[\w-]+,)? ?(?:(?:its|the|our|an?) (?:[\w-]+ ){1,3})?"
)
_GROUP = re.compile(r"(?:['’]s?)? group\b(?! of(?! compan))")
#: What a writer offers under a name of its own: "our Acme membership".
_OFFERED = re.compile(
    r" (?:[\w-]+ )?(?:services?|apps?|games?|products?|websites?|memberships?|programs?|cards?|stores?)\b"
)
_RELATIVES = ("", "which", "who", "that")
_RELATIVE = re.compile(r"(?:\s*[(（][^()（）]{0,60}[)）])?,? (?:which|who|that) ")


def follows(passage: Passage, first: Name, name: Name) -> bool:
    """Whether a name is the next member after another, whatever is said of that one in brackets or after "which"."""
    between = passage.low[first.end : name.start]
    company, other = (is_company(passage.text[n.start : n.end]) for n in (first, name))
    if company and not other and between.strip() in (",", "，") and not _goes_on(passage, name):
        return False  # where a company's name is written in full, its address follows
    plain = _ASIDE.sub("", between)
    if not plain.strip(CHAIN) or _NEXT.fullmatch(plain):
        return True
    parallel = _RELATIVE.match(between) and _RELATIVE.match(passage.low, name.end)
    return bool(parallel) and between.rstrip().endswith((" and", ",", ";"))


def _goes_on(passage: Passage, name: Name) -> bool:
    """Whether a comma and a well-known name follow: that is a list, no address."""
    rest = passage.text[name.end : name.end + 40]
    start = len(rest) - len(rest.lstrip(", "))
    following = next(known_names(rest, latin_words(rest.lower()), {}), None)
    return following is not None and following.start <= start > 0


def _is_handing(passage: Passage) -> bool:
    """Whether the sentence plainly speaks of who gets data."""
    return passage.about("sharing", "firm") or passage.find("sharing", "handing") is not None


def is_stated(passage: Passage, name: Name) -> bool:
    """Whether the grammar alone tells of an unknown name that data goes there: "Acme gets", "we work with Acme"."""
    if gets(passage, name):
        return True
    left = passage.low[: name.start].rstrip(_OPENING)
    if is_given(passage, name):
        return False
    if _is_own(passage, name, left):
        return False
    tool = _is_tool(passage, name)
    if tool and cues.pattern(passage.language, "sharing", "embedded").match(
        passage.low, _next_word(passage.low, name.end)
    ):
        return True
    left = ARTICLE.sub("", left) if tool else left
    return any(match.end() == len(left) for match in passage.all("sharing", "direct")) or is_governed(passage, name)


def is_recipient_by_place(passage: Passage, name: Name) -> bool:
    """Whether an unknown name is in a slot ("by", "such as") or has a company's suffix, where data is handed on."""
    left = passage.low[: name.start].rstrip(_OPENING)
    if not left or name.start == passage.body or is_given(passage, name):
        return False
    if not _is_handing(passage):
        return False
    if is_company(passage.text[name.start : name.end]) or _GROUP.match(passage.low, name.end):
        return True
    if _is_own(passage, name, left):
        return False
    left = ARTICLE.sub("", left) if _is_tool(passage, name) else left
    return bool(_slot(passage.language).search(left[-28:]))


def _is_own(passage: Passage, name: Name, left: str) -> bool:
    """Whether `left`, the words before a name, say that the reader uses it, or it is what the writer offers."""
    if _elsewhere(passage.language, "readers").search(left):
        return True
    return left.endswith(" our") and _OFFERED.match(passage.low, name.end) is not None


def _is_tool(passage: Passage, name: Name) -> bool:
    """Whether a tool's word follows a name: "the Acme pixel"."""
    tools = cues.pattern(passage.language, "sharing", "tools")
    return tools.match(passage.low, _next_word(passage.low, name.end)) is not None


def _heads_entry(passage: Passage, name: Name) -> bool:
    """Whether a name is the head of an entry in a list or table of recipients: "Acme (support)", "Acme | Hosting"."""
    if not passage.first:
        return False
    rest = passage.text[name.end :].lstrip("\"'”’*]®™ ")
    told = "sharing" in passage.topics or passage.find("sharing", "firm", 0, passage.body) is not None
    if _has_page(passage, rest):
        return told or bool(_TRADES & passage.topics) or sells(passage)
    if not told:
        return not rest and is_bare_entry(passage)
    if passage.clause.shape == "paragraph":
        acts = cues.pattern(passage.language, "sharing", "serving").match(rest)
        return "sharing" in passage.topics and (rest[:1] in _APART or (acts is not None and not _IS.match(rest)))
    if not rest or rest[0] in "(（:：-–—|,，、;；/" or rest == "." or is_company(passage.text[name.start : name.end]):
        return True
    return cues.pattern(passage.language, "sharing", "serving").match(rest) is not None


_IS = re.compile("(?:is|are|will|may|can)\\b")
_APART = frozenset(":：-–—(（")
_TRADES: frozenset[str] = frozenset({"tracking", "sale"})  #: kinds whose sections list third parties with their pages


def _has_page(passage: Passage, rest: str) -> bool:
    """Whether nothing follows the head of an entry but the page on which that party tells of its own policy."""
    words = rest
    if passage.row == "" and len(passage.clause.cells) == 2 and (not rest or (rest.islower() and rest.count(" ") < 2)):
        words = passage.clause.cells[1]
    return cues.pattern(passage.language, "sharing", "pages").match(words.lower()) is not None


def is_bare_entry(passage: Passage) -> bool:
    """Whether an item is no more than a name or two, under a heading on payments, advertising or the like."""
    clause = passage.clause
    heading = clause.path[-1].lower() if clause.path else ""
    if clause.shape != "item" or len(clause.text) > BARE:
        return False
    return cues.pattern(passage.language, "sharing", "dealings").search(heading) is not None


def sells(passage: Passage) -> bool:
    """Whether the heading above speaks of advertising, analytics or the like."""
    heading = passage.clause.path[-1].lower() if passage.clause.path else ""
    return cues.pattern(passage.language, "sharing", "trades").search(heading) is not None


def gets(passage: Passage, name: Name) -> bool:
    """Whether a name is the subject of a verb of getting: "Acme receives your name", from nobody else."""
    verb = passage.find("sharing", "getting", name.end, name.end + 80)
    if verb is None or _ASIDE.sub("", passage.low[name.end : verb.start()]).strip(" ,") not in _RELATIVES:
        return False
    return passage.find("sharing", "sources", verb.start()) is None


@cache
def _slot(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{cues.pattern(language, 'sharing', 'slots').pattern})$")
