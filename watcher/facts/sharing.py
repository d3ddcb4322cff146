"""Who receives personal data: by name, by form of name, and by what kind of party it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple, cast

from watcher.facts import cues
from watcher.facts.governing import GATE, is_governed
from watcher.facts.listed import is_named_cell, listed_names
from watcher.facts.passage import Passage, Phrase, tidy
from watcher.facts.standing import (
    WITHIN,
    accounts,
    follows,
    gets,
    handles,
    is_aside,
    is_bare_entry,
    is_given,
    is_mentioned,
    is_recipient_by_place,
    is_stated,
    sells,
    stands_in_list,
)
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

REACH = 420  #: characters after a verb of sharing in which its recipients may stand
SHOUTED = 8  #: words; in a longer text all in capitals a capital tells nothing
LONGEST = 60  #: signs of a recipient that is a noun phrase


def facts(passage: Passage, taught: Mapping[str, str]) -> Iterator[Fact]:
    """Recipients that `passage` states, named and unnamed, each once. `taught`: operators' aliases and their keys."""
    told, may = passage.told, _gates(passage.language)
    found: list[Fact] = []
    if told & may.name or taught or passage.language == "zh" or has_han(passage.text) or is_named_cell(passage):
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
    done = passage.may("sharing.getting", *GATE)
    unknown = (context or done) and _may_name(passage)
    known = _known(passage, taught) if context or done or passage.may("sharing.data") else ()
    found = _products_alone(sorted(known, key=lambda name: name.start))
    if not (found or unknown) or passage.find("sharing", "disputes"):
        return
    told: list[Name] = []
    stated: list[Name] = []
    yield from _well_known(passage, found, context, told, stated)
    if unknown:
        yield from _by_form(passage, found, told, stated)


def _well_known(
    passage: Passage, found: Sequence[Name], context: bool, told: list[Name], stated: list[Name]
) -> Iterator[Fact]:
    """The recipients among names of the list of vendors; `told` takes them, `stated` those that the grammar tells."""
    account_names = accounts(passage, found)
    aside = -1  # where the last known name that is no recipient ends: what is listed after it is none either
    for name in found:
        if _names_itself(passage, name) or _is_full_name(passage, name, told):
            continue
        governed = is_governed(passage, name) or (bool(stated) and follows(passage, stated[-1], name))
        if (
            name.start in account_names
            or is_mentioned(passage, name)
            or is_aside(passage, name, governed)
            or (aside >= 0 and not passage.low[aside : name.start].strip(WITHIN))
        ):
            aside = name.end
        elif name.key != "-" and (context or governed or handles(passage, name.start) or gets(passage, name)):
            told.append(name)
            if governed:
                stated.append(name)
            if passage.own(name.start):
                yield _named(passage, name, "name list")


def _by_form(passage: Passage, found: Sequence[Name], told: list[Name], governed: list[Name]) -> Iterator[Fact]:
    """The recipients among names that no list holds, beside those `found`; see `_well_known`."""
    taken = list(found)
    shown = tuple(listed_names(passage))
    for name in (*shown, *passage.names):
        if any(t.start < name.end and name.start < t.end for t in taken) or is_mentioned(passage, name):
            continue
        listed = (name in shown and not is_given(passage, name)) or stands_in_list(passage, name, told, governed)
        stated = is_stated(passage, name)
        if _names_itself(passage, name) or not (listed or stated or is_recipient_by_place(passage, name)):
            continue
        taken.append(name)
        full = _is_full_name(passage, name, told)
        told.append(name)
        if stated or (listed and governed):
            governed.append(name)
        if passage.own(name.start) and not full:
            yield _named(passage, name, "listed name" if listed else "stated name" if stated else "proper name")


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
    if passage.language == "zh" or is_named_cell(passage):
        return True
    return passage.may(ODD_NAME) and not (text.isupper() and len(latin_words(passage.low)) > SHOUTED)


_APPOSITION = re.compile(r", an? [^(),;]{3,70}(?=,)")  #: what a company is, in a word: ", a Maltese limited company,"


def _names_itself(passage: Passage, name: Name) -> bool:
    """Whether the bracket after a name says that it is whoever writes: 'Acme Ltd ("we")'."""
    cue = passage.find("controller", "self", name.end, name.end + 100)
    return cue is not None and not _APPOSITION.sub("", passage.low[name.end : cue.start()]).strip(" .,")


def _is_listing(passage: Passage) -> bool:
    """Whether a cell or item stands in a section on advertising and the like, whose tables list third parties."""
    if passage.first and passage.clause.cells:
        return sells(passage)
    return is_bare_entry(passage)


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
        plain = _ADJECTIVE.sub("", key)
        if key and (plain not in _nobody(passage.language) or text.casefold().startswith("other ")):
            yield passage.fact(
                "sharing",
                "recipient",
                (phrase.start, phrase.end),
                key=key,
                subject=_bare(tidy(text)),
                role=role(passage, phrase.start, phrase.end),
                polarity=_affirmed(passage, phrase.start),
            )


_ADJECTIVE = re.compile(r"^(?:(?:authori[sz]ed|external|internal) )+")  #: these make nobody of a recipient, too


def _is_handed(passage: Passage, phrase: Phrase, handing: list[int]) -> bool:
    """Whether a phrase follows the words of handing data over, which end at `handing`: any noun receives it there."""
    words = passage.text[phrase.start : phrase.end]
    if words != words.lower() and is_name(words):
        return False  # `named` reads it
    return any(end <= phrase.start and not passage.low[end : phrase.start].strip() for end in handing)


def _is_party(passage: Passage, phrase: Phrase) -> bool:
    """Whether a phrase ends in a noun that can receive data."""
    return ends_in_party(passage.low[phrase.start : phrase.end], passage.language)


def ends_in_party(low: str, language: str) -> bool:
    """Whether a phrase in lower case ends in a noun that can receive data."""
    if language == "zh":
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
