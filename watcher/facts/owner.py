"""Who writes a policy: its controller, the name in its title, the name that it speaks of as its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain

from watcher.facts import cues
from watcher.facts.passage import section_topics
from watcher.lang import vocabulary
from watcher.lang.names import (
    Name,
    has_han,
    is_company,
    is_listed,
    is_name,
    is_odd,
    known_names,
    latin_words,
    name_key,
    products,
    proper_names,
    singular,
)
from watcher.records import Clause, Document, Fact

BY_FORM = ("proper name", "listed name", "stated name")  #: rules that read a name off its form, no list holding it
FIRST = 40  #: clauses among which a policy introduces whoever writes it
OPENING = 8  #: clauses in which even a well-known name is the writer's if they introduce it
NEAR = 60  #: characters between the words of an introduction and the end of the name
SPOKEN = 4  #: clauses that must speak of a name as of their own ("Acme may", "your Acme account")
AHEAD = 3  #: times as many as of any other name


def own_facts(document: Document, facts: Sequence[Fact]) -> frozenset[Fact]:
    """Those of a document's facts that are no recipients of their own.

    They name whoever writes the document, are the short name of a company that it also names in full ("Acme" where
    "Acme Interactive, Inc." stands: the full name speaks for both), or are words that it also writes without capitals.
    """
    named = [fact for fact in facts if fact.named and fact.kind == "sharing"]
    if not named:
        return frozenset()
    own = _of_owners({fact.key for fact in named}, _owners(document, facts))
    none = _short(named) | _ordinary(document, named)
    return frozenset(f for f in named if f.key in own or (f.rule in BY_FORM and f.key in none))


def _ordinary(document: Document, named: Iterable[Fact]) -> frozenset[str]:
    """Keys of the single words that the document writes without a capital too: "Dentists" who are its dentists."""
    single = {f.key: f.subject.casefold() for f in named if f.rule in BY_FORM and f.subject.isalpha()}
    if not single:
        return frozenset()
    text = "\n".join(clause.text for clause in document.clauses)
    forms = {key: {word, word + "s", singular(word)} for key, word in single.items()}
    return frozenset(key for key, written in forms.items() if any(_writes(text, form) for form in written))


def _writes(text: str, word: str) -> bool:
    """Whether a word stands in a text as it is, in small letters and on its own."""
    at = text.find(word)
    while at >= 0:
        found = _LOW.match(text, at)
        if found is not None and found[0] == word:
            return True
        at = text.find(word, at + 1)
    return False


_LOW = re.compile(r"(?<![\w./@-])[a-z]{3,}(?![\w/@]|[.-]\w)")


def _short(named: Iterable[Fact]) -> frozenset[str]:
    """Keys of which exactly one company's full name is a longer form."""
    keys = {fact.key for fact in named if fact.rule in BY_FORM}
    companies = {fact.key for fact in named if " " in fact.key and is_company(fact.subject)}
    return frozenset(k for k in keys if sum(company.startswith(k + " ") for company in companies) == 1)


def _owners(document: Document, facts: Iterable[Fact]) -> frozenset[str]:
    """The keys of whoever writes the policy: its controller, the name in its title, the name it calls its own."""
    spoken = _spoken(document.clauses)
    own = [name for name in _own_name(spoken) if not is_listed(name) or _opens_with(document, name)]
    titles = [name.key for name in _names(document.title, cues.tongue(document.language))]
    stated = _controllers(document, [f for f in facts if f.kind == "controller" and f.key == "controller"])
    # A well-known company that the policy does not speak of as its own is a controller beside the writer.
    most = max(spoken.values(), default=0)
    controllers = [
        name for name in stated if not is_listed(name) or AHEAD * spoken[name.split()[0]] >= max(most, SPOKEN)
    ]
    brands = [name.split()[0] for name in controllers if len(name.split()[0]) > 3 and is_name(name.split()[0].title())]
    written = {
        name.key for at, name in _introduced(document) if at < OPENING or not (name.known or is_listed(name.key))
    }
    names = {*controllers, *titles, *brands, *own, *written, *_dominant(document, facts)}
    found = {form for name in names for form in (name, _SITE.sub("", name)) if len(form) > 2 or has_han(form)}
    return frozenset(found | _products(found))


def _dominant(document: Document, facts: Iterable[Fact]) -> Iterator[str]:
    """Keys of the well-known names that a Chinese policy speaks of as its own: "某某会收集", "某某用户"."""
    texts = {clause.hash: clause.text for clause in document.clauses if clause.language == "zh"}
    stated = {(f.key, f.subject, f.clause) for f in facts if f.named and f.kind == "sharing" and f.clause in texts}
    after = "|".join(vocabulary("zh")["names"]["own"])
    spoken = Counter(
        key for key, subject, at in stated if re.search(rf"{re.escape(subject)}(?:{after})", texts[at]) is not None
    )
    total = Counter(key for key, _, _ in stated)
    yield from (key for key, times in spoken.items() if times >= SPOKEN - 1 and 2 * times > total[key])


def _controllers(document: Document, facts: Sequence[Fact]) -> frozenset[str]:
    """The controllers that are stated, but not where third parties are spoken of: who answers for data there is one."""
    places = {fact.clause for fact in facts}
    others = {
        clause.hash
        for clause in (document.clauses if places else ())
        if clause.hash in places
        and (_about_others(clause) or _others(cues.tongue(clause.language)).search(clause.text))
    }
    return frozenset(fact.norm for fact in facts if fact.clause not in others)


def _about_others(clause: Clause) -> bool:
    """Whether a clause stands under a heading on sharing."""
    return bool(clause.path) and "sharing" in section_topics(clause.path[-1], cues.tongue(clause.language))


@cache
def _others(language: str) -> re.Pattern[str]:
    return re.compile("|".join(vocabulary(language)["names"]["others"]))


def _introduced(document: Document) -> Iterator[tuple[int, Name]]:
    """The names by which the first clauses introduce the writer ("At Acme, we", "Acme built this app"), and where."""
    for at, clause in enumerate(document.clauses[:FIRST]):
        if clause.shape not in ("row", "heading") and not _about_others(clause):
            yield from ((at, name) for name in _introducing(clause.text, cues.tongue(clause.language)))


@lru_cache(2048)
def _introducing(text: str, language: str) -> tuple[Name, ...]:
    """The names by which a text introduces the writer. Kept, for the versions of a policy share their first clauses."""
    found = []
    before, after = _introductions(language)
    for cue in before.finditer(text):
        name = next(_names(text[cue.end() : cue.end() + NEAR], language), None)
        if name is not None and not text[cue.end() : cue.end() + name.start].strip(_MARKS):
            found.append(name)
    for bracket in _NICKNAMES.finditer(text):
        found += [name for name in _names(bracket.group(), language) if not name.known]
    for cue in after.finditer(text):
        start = max(0, cue.start() - NEAR)
        names = list(_names(text[start : cue.start()], language))
        if names and not text[start + names[-1].end : cue.start()].strip(_MARKS):
            found.append(names[-1])
    return tuple(found)


_SITE = re.compile(r"\.(?:com|org|net|io|co|ai|app|cn)$")
#: A bracket in which a policy gives itself short names: ("Acme", "we" or "us").
_NICKNAMES = re.compile(r"\([^()]{0,100}[\"“‘'](?:we|us|our)\b[^()]{0,60}\)", re.IGNORECASE)
_MARKS = " ,\"“”'‘’「」《》【】（("


def _names(text: str, language: str) -> Iterator[Name]:
    """The names of a text, those of the list of vendors as well as those read off their form."""
    found = [*known_names(text, latin_words(text.lower()), {}), *proper_names(text, language)]
    yield from sorted(found, key=lambda name: (name.start, -name.end))


@cache
def _introductions(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Words after which, and before which, a policy names whoever writes it."""
    table = vocabulary(language)["names"]
    before, after = ("|".join(table[key]) for key in ("introducing", "introduced"))
    return re.compile(before), re.compile(after)


def _products(owners: Iterable[str]) -> frozenset[str]:
    """The well-known products of owners, which are no third parties of theirs."""
    return frozenset(product for owner in owners for product in products().get(owner, ()))


def _spoken(clauses: Iterable[Clause]) -> Counter[str]:
    """In how many clauses each name, in lower case, is spoken of as writers speak of themselves."""
    return Counter(chain.from_iterable([_names_as_own(c.text) for c in clauses if c.language != "zh"]))


@lru_cache(4096)
def _names_as_own(text: str) -> tuple[str, ...]:
    """The names that a text speaks of so, in lower case, each once as written.

    Kept, for most texts of a round are met again.
    """
    found = []
    for match in _as_own().finditer(text):
        start = match.start()
        while start and text[start - 1].isalpha():  # the capital of "iShelf" or "eReader" is not its first letter
            start -= 1
        if text[start - 1 : start] != "_":
            found.append(text[start : match.end(1)])
    return tuple([name.casefold() for name in dict.fromkeys(found)])


def _own_name(spoken: Counter[str]) -> tuple[str, ...]:
    """The one name, if any, of which that is far more often so than of any other."""
    ranked = [(name, n) for name, n in spoken.most_common(6) if is_odd(name)][:2]
    if not ranked or ranked[0][1] < SPOKEN or (len(ranked) > 1 and ranked[0][1] < AHEAD * ranked[1][1]):
        return ()
    return ranked[0][0], name_key(ranked[0][0])


def _opens_with(document: Document, name: str) -> bool:
    """Whether a name stands in the title or the first clauses, as the writer's does."""
    return any(name in text.casefold() for text in (document.title, *(c.text for c in document.clauses[:OPENING])))


@cache
def _as_own() -> re.Pattern[str]:
    """A capitalised word before what its owner does or offers. It begins with the capital: that is found fast."""
    what = "|".join(vocabulary("en")["names"]["own"])
    return re.compile(rf"([A-Z][\w-]++)(?:['’]s?)? (?:{what})\b")


def _of_owners(keys: Iterable[str], owners: frozenset[str]) -> frozenset[str]:
    """The keys of the writer of the policy itself, or of one of its products ("Acme Rewards" of Acme)."""
    begun = tuple(owner + sign for owner in owners for sign in " .-'’")
    return frozenset(
        key for key in keys if key in owners or key.startswith(begun) or any(_is_part(key, owner) for owner in owners)
    )


def _is_part(key: str, owner: str) -> bool:
    """Whether ordinary words only stand around an owner's name: "certified Acme partners" of Acme."""
    words = key.split() if f" {owner}" in key else []
    return owner in words and not any(is_odd(word) for word in words if word != owner)
