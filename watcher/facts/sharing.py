"""Who receives personal data: by name, by form of name, and by what kind of party it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple, cast

from watcher.facts import cues
from watcher.facts.passage import Passage, Phrase, tidy
from watcher.lang import vocabulary
from watcher.lang.index import KNOWN_NAME, ODD_NAME
from watcher.lang.names import (
    Name,
    has_han,
    is_company,
    is_name,
    known_names,
    latin_words,
    noun_key,
    with_plurals,
)
from watcher.records import Fact, Role

LOGIN = 110  #: characters before a name in which a sign-in tells that the reader chose it
REACH = 420  #: characters after a verb of sharing in which its recipients may stand
SHOUTED = 8  #: words; in a longer text all in capitals a capital tells nothing
LIST = 160  #: characters between two members of a list of recipients
LONGEST = 60  #: signs of a recipient that is a noun phrase


def facts(passage: Passage, taught: Mapping[str, str]) -> Iterator[Fact]:
    """Recipients that `passage` states, named and unnamed, each once. `taught`: operators' aliases and their keys."""
    told, may = passage.told, _gates(passage.language)
    found: list[Fact] = []
    if told & may.name or taught or passage.language == "zh" or has_han(passage.text):
        found.extend(named(passage, taught))
    if told & may.hand and told & may.receive:
        found.extend(unnamed(passage))
    seen: set[str] = set()
    for fact in found:
        if fact.key and fact.key not in seen:
            seen.add(fact.key)
            yield fact
    if not seen and told & may.share and told & may.deny:
        yield from _promise(passage)


class _Gates(NamedTuple):
    """Sets of cues, as those of `Index`, without one of which a sentence tells no recipient of some sort."""

    name: int  #: a word that may be a name
    hand: int  #: data handed to anyone
    receive: int  #: a noun of whoever may receive it
    share: int  #: a verb of sharing
    deny: int  #: a word of denial


@cache
def _gates(language: str) -> _Gates:
    handing = ("verbs", "weak", "direct", "collectors", "frames", "handing", "heading")
    return _Gates(
        *map(
            cues.index(language).bits,
            (
                (KNOWN_NAME, ODD_NAME),
                tuple(f"sharing.{key}" for key in handing),
                ("sharing.heads", "sharing.services", "sharing.handing"),
                ("sharing.verbs",),
                ("negation.words",),
            ),
        )
    )


def _promise(passage: Passage) -> Iterator[Fact]:
    """A denial of sharing that names nobody: "we never share your messages"; of selling, the kind sale tells it."""
    sales = {match.start() for _, match in passage.concepts("sale.concepts")}
    for verb in passage.all("sharing", "verbs"):
        if verb.start() in sales:
            continue
        data = passage.find("sharing", "data", verb.end(), verb.end() + 60)
        if data and passage.own(verb.start()) and not passage.does(verb.start()):
            span = (verb.start(), data.end())
            yield passage.fact(
                "sharing",
                "promise",
                span,
                key="anyone",
                subject=vocabulary(passage.language)["sharing"]["anyone"],
                value=tidy(passage.text[slice(*span)]),
                polarity=False,
            )
            return


# --- named ------------------------------------------------------------------------------------------------------------


def named(passage: Passage, taught: Mapping[str, str]) -> Iterator[Fact]:
    """Companies and products in a sentence, list or section that speaks of sharing or of others' services."""
    handed = passage.find("sharing", "handing") is not None
    engaged = passage.holds("sharing", "direct")
    context = handed or engaged or passage.about("sharing", "cues") or _is_listing(passage)
    unknown = context and _may_name(passage)
    known = _known(passage, taught) if context or passage.may("sharing.data") else ()
    found = _products_alone(sorted(known, key=lambda name: name.start))
    if not (found or unknown) or passage.find("sharing", "disputes"):
        return
    told: list[Name] = []
    yield from _well_known(passage, found, context, told)
    if unknown:
        yield from _by_form(passage, found, told)


def _well_known(passage: Passage, found: Sequence[Name], context: bool, told: list[Name]) -> Iterator[Fact]:
    """The recipients among names of the list of vendors; `told` takes their names."""
    accounts = _accounts(passage, found)
    aside = -1  # where the last known name that is no recipient ends: what is listed after it is none either
    for name in found:
        if _names_itself(passage, name) or _is_full_name(passage, name, told):
            continue
        if (
            name.start in accounts
            or _is_mentioned(passage, name)
            or _is_aside(passage, name)
            or (aside >= 0 and not passage.low[aside : name.start].strip(_WITHIN))
        ):
            aside = name.end
        elif name.key != "-" and (context or _handles(passage, name.start)):
            told.append(name)
            if passage.own(name.start):
                yield _named(passage, name, "name list")


def _by_form(passage: Passage, found: Sequence[Name], told: list[Name]) -> Iterator[Fact]:
    """The recipients among names that no list holds, beside those `found`; `told` takes their names."""
    taken = list(found)
    for name in passage.names:
        if any(t.start < name.end and name.start < t.end for t in taken) or _is_mentioned(passage, name):
            continue
        listed = _stands_in_list(passage, name, told)
        stated = _is_stated(passage, name)
        if _names_itself(passage, name) or not (listed or stated or _is_recipient_by_place(passage, name)):
            continue
        taken.append(name)
        full = _is_full_name(passage, name, told)
        told.append(name)
        if passage.own(name.start) and not full:
            yield _named(passage, name, "listed name" if listed else "stated name" if stated else "proper name")


def _is_mentioned(passage: Passage, name: Name) -> bool:
    """Whether the words before a name tell that it is only mentioned: a former name, where a link leads."""
    before = passage.low[max(0, name.start - LOGIN) : name.start]
    return _elsewhere(passage.language, "mentioned").search(before) is not None


def _is_full_name(passage: Passage, name: Name, told: Sequence[Name]) -> bool:
    """Whether a bracket after a recipient holds no more than its company's full name: "Acme (Acme Software Ltd)"."""
    if passage.text[name.end : name.end + 1] not in (")", "）") or not is_company(passage.text[name.start : name.end]):
        return False
    return any(passage.text[t.end : name.start].strip() in ("(", "（") for t in told if t.end <= name.start)


def _products_alone(names: Sequence[Name]) -> list[Name]:
    """Names without those of companies that a product's name follows at once: 腾讯Bugly is Bugly."""
    starts = {name.start for name in names}
    return [name for name in names if name.end not in starts]


def _known(passage: Passage, taught: Mapping[str, str]) -> Iterator[Name]:
    """Known names, read only where a word begins one."""
    words = latin_words(passage.low) if passage.language == "zh" else passage.words(KNOWN_NAME)
    if words or taught or has_han(passage.text):
        yield from known_names(passage.text, words, taught)


def _may_name(passage: Passage) -> bool:
    """Whether a capital letter begins a word that is not ordinary English: a cheap look before names are read."""
    text = passage.text
    if passage.language == "zh":
        return True
    return passage.may(ODD_NAME) and not (text.isupper() and len(latin_words(passage.low)) > SHOUTED)


def _names_itself(passage: Passage, name: Name) -> bool:
    """Whether the bracket after a name says that it is whoever writes: 'Acme Ltd ("we")'."""
    cue = passage.find("controller", "self", name.end, name.end + 100)
    return cue is not None and not passage.low[name.end : cue.start()].strip(" .")


def _handles(passage: Passage, at: int) -> bool:
    """Whether a known name is the one who handles data: "processing of your data by Acme"."""
    return (
        passage.low.endswith((" by ", " with ", " to "), 0, at) and passage.find("sharing", "data", 0, at) is not None
    )


def _accounts(passage: Passage, names: Sequence[Name]) -> frozenset[int]:
    """Where known names begin that only say whose account, alone or by the list's last: "with your Acme or Bolt ID"."""
    words = cues.pattern(passage.language, "sharing", "accounts")
    found: set[int] = set()
    following: Name | None = None
    for name in reversed(names):
        listed = following is not None and not passage.low[name.end : following.start].strip(_CHAIN)
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


def _is_aside(passage: Passage, name: Name) -> bool:
    """Whether a known name only says whose something is ("your Google account"), or where data comes from."""
    after, before = passage.low[name.end : name.end + 48], passage.low[max(0, name.start - 28) : name.start]
    if _belonging(passage.language).match(after) or _elsewhere(passage.language, "elsewhere").search(before):
        return True
    return _is_source(passage, name.start) or _is_connected(passage, name) or _tells_us(passage, name)


def _is_connected(passage: Passage, name: Name) -> bool:
    """Whether a name is that of a platform that the reader connects, or within whose app this one runs."""
    before = passage.low[max(0, name.start - LOGIN) : name.start]
    if _elsewhere(passage.language, "connections").search(before):
        return True
    login = _login(passage.language).search(before)
    if login is None or _handed_on(passage.language).search(before, login.end()):
        return False
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


_FROM = re.compile(r"from (?!time|\d)")  #: how an item begins that tells a source


def _stands_in_list(passage: Passage, name: Name, told: list[Name]) -> bool:
    """Whether an unknown name heads an entry of a list of recipients, or is next in one after another recipient."""
    if not passage.low[: name.start].rstrip(_OPENING) or name.start == passage.body:
        return _heads_entry(passage, name)
    if not _is_handing(passage) or _is_source(passage, name.start) or _is_connected(passage, name):
        return False
    return any(_follows(passage, t, name) for t in told if t.end <= name.start <= t.end + LIST)


_OPENING = " \"'“‘*[(（"
_CHAIN = " ,;、，/()&®™and和或及与or"
_WITHIN = _CHAIN.translate(str.maketrans("", "", "()（"))  #: of a list that no bracket ends
_ASIDE = re.compile(r"[(（][^()（）]{0,60}[)）]")
_GROUP = re.compile(r"(?:['’]s?)? group (?:of )?compan(?:y|ies)")
_ARTICLE = re.compile(r" (?:the|an?|our)$")
_RELATIVE = re.compile(r"(?:\s*[(（][^()（）]{0,60}[)）])?,? (?:which|who|that) ")


def _follows(passage: Passage, first: Name, name: Name) -> bool:
    """Whether a name is the next member after another, whatever is said of that one in brackets or after "which"."""
    between = passage.low[first.end : name.start]
    company, other = (is_company(passage.text[n.start : n.end]) for n in (first, name))
    if company and not other and between.strip() in (",", "，") and not _goes_on(passage, name):
        return False  # where a company's name is written in full, its address follows
    if not _ASIDE.sub("", between).strip(_CHAIN):
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


def _is_stated(passage: Passage, name: Name) -> bool:
    """Whether the grammar alone tells of an unknown name that data goes there: "Acme gets", "we work with Acme"."""
    if _gets(passage, name):
        return True
    left = passage.low[: name.start].rstrip(_OPENING)
    if _is_source(passage, name.start) or _is_connected(passage, name):
        return False
    if _elsewhere(passage.language, "readers").search(left):
        return False
    tool = _is_tool(passage, name)
    if tool and cues.pattern(passage.language, "sharing", "embedded").match(
        passage.low, _next_word(passage.low, name.end)
    ):
        return True
    left = _ARTICLE.sub("", left) if tool else left
    return any(match.end() == len(left) for match in passage.all("sharing", "direct"))


def _is_recipient_by_place(passage: Passage, name: Name) -> bool:
    """Whether an unknown name is in a slot ("by", "such as") or has a company's suffix, where data is handed on."""
    left = passage.low[: name.start].rstrip(_OPENING)
    if not left or name.start == passage.body or _is_source(passage, name.start) or _is_connected(passage, name):
        return False
    if not _is_handing(passage):
        return False
    if is_company(passage.text[name.start : name.end]) or _GROUP.match(passage.low, name.end):
        return True
    if _elsewhere(passage.language, "readers").search(left):
        return False
    left = _ARTICLE.sub("", left) if _is_tool(passage, name) else left
    return bool(_slot(passage.language).search(left[-28:]))


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
        return told or bool(_TRADES & passage.topics) or _sells(passage)
    if not told:
        return False
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


def _is_listing(passage: Passage) -> bool:
    """Whether a cell or item stands in a section on advertising and the like, whose tables list third parties."""
    return passage.first and bool(passage.clause.cells) and _sells(passage)


def _sells(passage: Passage) -> bool:
    """Whether the heading above speaks of advertising, analytics or the like."""
    heading = passage.clause.path[-1].lower() if passage.clause.path else ""
    return cues.pattern(passage.language, "sharing", "trades").search(heading) is not None


def _gets(passage: Passage, name: Name) -> bool:
    """Whether a name is the subject of a verb of getting: "Acme receives your name", from nobody else."""
    verb = passage.find("sharing", "getting", name.end, name.end + 80)
    if verb is None or passage.low[name.end : verb.start()].strip(" ,)"):
        return False
    return passage.find("sharing", "sources", verb.start()) is None


@cache
def _slot(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{cues.pattern(language, 'sharing', 'slots').pattern})$")


def _named(passage: Passage, name: Name, rule: str) -> Fact:
    subject = tidy(passage.text[name.start : name.end])
    return passage.fact(
        "sharing",
        rule,
        (name.start, name.end),
        key=name.key,
        subject=subject,
        named=True,
        role=role(passage, name.start, name.end),
        polarity=_affirmed(passage, name.start),
    )


def _affirmed(passage: Passage, at: int) -> bool:
    """Polarity of the nearest verb of sharing to the left of a recipient, exceptions taken out of a denial."""
    verb = max(
        (m.start() for key in ("verbs", "weak") for m in passage.all("sharing", key) if m.start() < at), default=-1
    )
    if verb < 0:
        return passage.does(at)
    return passage.does(verb) or any(verb < exception <= at for exception in passage.exceptions)


# --- unnamed ----------------------------------------------------------------------------------------------------------


def unnamed(passage: Passage) -> Iterator[Fact]:
    """Recipients told by what they are: objects of verbs of sharing, items of lists of recipients, collectors."""
    receives = _receives_zh if passage.language == "zh" else _receives
    handing = [match.end() for match in passage.all("sharing", "handing")]
    for phrase in passage.phrases:
        if not passage.own(phrase.start) or phrase.end - phrase.start > LONGEST:
            continue
        handed = handing and _is_handed(passage, phrase, handing)
        if not handed and not (_is_party(passage, phrase) and receives(passage, phrase)):
            continue
        text = passage.text[phrase.start : phrase.end]
        key = noun_key(text, passage.language)
        if key and (key not in _nobody(passage.language) or text.casefold().startswith("other ")):
            yield passage.fact(
                "sharing",
                "recipient",
                (phrase.start, phrase.end),
                key=key,
                subject=_bare(tidy(text)),
                role=role(passage, phrase.start, phrase.end),
                polarity=_affirmed(passage, phrase.start),
            )


def _is_handed(passage: Passage, phrase: Phrase, handing: list[int]) -> bool:
    """Whether a phrase follows the words of handing data over, which end at `handing`: any noun receives it there."""
    words = passage.text[phrase.start : phrase.end]
    if words != words.lower() and is_name(words):
        return False  # `named` reads it
    return any(end <= phrase.start and not passage.low[end : phrase.start].strip() for end in handing)


def _is_party(passage: Passage, phrase: Phrase) -> bool:
    """Whether a phrase ends in a noun that can receive data."""
    low = passage.low[phrase.start : phrase.end]
    if passage.language == "zh":
        return cues.pattern("zh", "sharing", "heads").search(low) is not None
    word = low.rpartition(" ")[2]
    return word in _heads("heads") or (word in _heads("services") and _OTHERS.search(low) is not None)


#: A service, site or app receives data only as somebody else's.
_OTHERS = re.compile(r"\b(?:third|other|partners?'?|external|social|outside)\b")


@cache
def _heads(key: str) -> frozenset[str]:
    return with_plurals(vocabulary("en")["sharing"][key])


@cache
def _nobody(language: str) -> frozenset[str]:
    return frozenset(vocabulary(language)["sharing"]["nobody"])


def _receives(passage: Passage, phrase: Phrase) -> bool:
    """Whether data goes to the party of `phrase`: a verb of sharing before it, of collecting after it, or its list."""
    start = phrase.start
    if not phrase.joint.endswith("from"):
        if any(m.end() <= start <= m.end() + REACH for m in passage.all("sharing", "verbs")):
            return True
        data = passage.find("sharing", "data", 0, start)
        if data and any(m.end() <= start <= m.end() + REACH for m in passage.all("sharing", "weak")):
            return True
    if any(m.end() <= start <= m.end() + 14 for m in passage.all("sharing", "direct")):
        return True
    if passage.may("sharing.collectors") and _collects(passage.low, phrase.end + 1):
        return True
    return "sharing" in passage.topics and passage.first and start <= passage.body + 4


def _collects(low: str, at: int) -> bool:
    return cues.pattern("en", "sharing", "collectors").match(low, at) is not None


def _receives_zh(passage: Passage, phrase: Phrase) -> bool:
    """Whether a Chinese sentence hands data to the party of `phrase` (与…共享, 提供给…, 委托…处理)."""
    for frame in passage.all("sharing", "frames"):
        group = frame.lastgroup
        if group and frame.start(group) <= phrase.start and phrase.end <= frame.end(group):
            return True
    return "sharing" in passage.topics and passage.first and phrase.start <= passage.body + 6


_DETERMINERS = re.compile(
    r"(?:(?:the|our|your|their|its|an?|any|all|some|certain|various|these|those|such|with|to|by|of) )+", re.IGNORECASE
)


def _bare(phrase: str) -> str:
    """A recipient without the determiners in front of it: "our partners" are partners."""
    start = _DETERMINERS.match(phrase)
    return phrase[start.end() :] if start and start.end() < len(phrase) else phrase


AROUND = (160, 90)  #: characters before and after a recipient in which its role is told


def role(passage: Passage, start: int, end: int) -> Role:
    """What a recipient is to the policy's owner, by its own words first, then by the nearest ones beside it."""
    told = [concept for concept in cues.concepts(passage.language, "sharing.roles") if concept.bit & passage.told]
    for concept in told:
        if concept.words.search(passage.low, start, end):
            return cast(Role, concept.name)
    near = [
        (m.start(), m.end(), concept.name)
        for concept in told
        for m in concept.words.finditer(passage.low, max(0, start - AROUND[0]), end + AROUND[1])
    ]
    # "payment processors" handle payments: the word before tells more than the word for any processor.
    closer = {b for _, b, name in near if name != "processor"}
    far = [(max(start - b, a - end), name) for a, b, name in near if name != "processor" or a - 1 not in closer]
    return cast(Role, min(far, default=(0, "third_party"))[1])
