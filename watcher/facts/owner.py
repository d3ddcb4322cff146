"""Who writes a policy: its controller, the name in its title, the name that it speaks of as its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from watcher.lang import vocabulary
from watcher.lang.names import is_company, is_listed, is_name, is_odd, name_key, proper_names
from watcher.records import Clause, Document, Fact

BY_FORM = ("proper name", "listed name")  #: rules that read a name off its form, no list holding it
SPOKEN = 4  #: clauses that must speak of a name as of their own ("Acme may", "your Acme account")
AHEAD = 3  #: times as many as of any other name


def own_facts(document: Document, facts: Sequence[Fact]) -> frozenset[Fact]:
    """Those of a document's facts that are no recipients of their own.

    They name whoever writes the document, or are the short name of a company that it also names in full ("Acme" where
    "Acme Interactive, Inc." stands): the full name speaks for both.
    """
    named = [fact for fact in facts if fact.named and fact.kind == "sharing"]
    if not named:
        return frozenset()
    owners, short = _owners(document, facts), _short(named)
    return frozenset(f for f in named if (f.rule in BY_FORM and f.key in short) or _is_owner(f.key, owners))


def _short(named: Iterable[Fact]) -> frozenset[str]:
    """Keys of which exactly one company's full name is a longer form."""
    keys = {fact.key for fact in named if fact.rule in BY_FORM}
    companies = {fact.key for fact in named if " " in fact.key and is_company(fact.subject)}
    return frozenset(k for k in keys if sum(company.startswith(k + " ") for company in companies) == 1)


def _owners(document: Document, facts: Iterable[Fact]) -> frozenset[str]:
    """The keys of whoever writes the policy: its controller, the name in its title, the name it calls its own."""
    spoken = _spoken(document.clauses)
    own = _own_name(spoken)
    titles = [name.key for name in proper_names(document.title, document.language)]
    stated = {f.norm for f in facts if f.kind == "controller" and f.key == "controller"}
    # A well-known company that the policy does not speak of as its own is a controller beside the writer.
    controllers = [name for name in stated if not is_listed(name) or spoken[name.split()[0]]]
    brands = [name.split()[0] for name in controllers if len(name.split()[0]) > 3 and is_name(name.split()[0].title())]
    return frozenset((*controllers, *titles, *brands, *own))


def _spoken(clauses: Iterable[Clause]) -> Counter[str]:
    """In how many clauses each name, in lower case, is spoken of as writers speak of themselves."""
    found = (set(_names_as_own(clause.text)) for clause in clauses if clause.language != "zh")
    return Counter(name.casefold() for names in found for name in names)


def _names_as_own(text: str) -> Iterable[str]:
    """The names that a text speaks of so, as written."""
    for found in _as_own().finditer(text):
        start = found.start()
        while start and text[start - 1].isalpha():  # the capital of "iShelf" or "eReader" is not its first letter
            start -= 1
        if text[start - 1 : start] != "_":
            yield text[start : found.end(1)]


def _own_name(spoken: Counter[str]) -> tuple[str, ...]:
    """The one name, if any, of which that is far more often so than of any other."""
    ranked = [(name, n) for name, n in spoken.most_common(6) if is_odd(name)][:2]
    if not ranked or ranked[0][1] < SPOKEN or (len(ranked) > 1 and ranked[0][1] < AHEAD * ranked[1][1]):
        return ()
    return ranked[0][0], name_key(ranked[0][0])


@cache
def _as_own() -> re.Pattern[str]:
    """A capitalised word before what its owner does or offers. It begins with the capital: that is found fast."""
    what = "|".join(vocabulary("en")["names"]["own"])
    return re.compile(rf"([A-Z][\w-]++)(?:['’]s?)? (?:{what})\b")


def _is_owner(key: str, owners: frozenset[str]) -> bool:
    """Whether a recipient is the writer of the policy itself, or one of its products ("Acme Rewards" of Acme)."""
    return any(key == owner or key.startswith((owner + " ", owner + ".", owner + "'", owner + "’")) for owner in owners)
