"""Every language says the same things: the same tables, the same keys, no empty group, no broken pattern."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from watcher.facts.categories import CATEGORIES
from watcher.lang import languages, vocabulary

#: Tables whose keys are themselves words of the language, or concepts of its law: only their presence is compared.
OPEN = {
    "children.numbers",
    "nouns.phrases",
    "nouns.same",
    "purpose.concepts",
    "rights.concepts",
    "transfer.mechanisms",
    "transfer.places",
    "units.after",
    "units.names",
    "units.numbers",
}
#: Keys that only one grammar needs, and lists that it leaves empty.
ONE_GRAMMAR = {
    "nouns.tail": "Chinese hangs what English writes before a noun on its end",
    "nouns.same": "Chinese words have one form",
    "sharing.frames": "Chinese puts the recipient before the verb",
    "sharing.listing": "English tells a name in a bracket by its capital",
    "sharing.kinds": "Chinese puts what kind of company it is after its name",
    "names.plain": "Chinese parts no words, so that what a name is made of must be told",
    "names.leading": "Chinese has no capital letters that a leading word could hide behind",
    "names.own": "a Chinese policy calls its writer 我们",
    "names.things": "Chinese has no capital letters that make a name of a thing",
    "names.streets": "a Chinese address has no words that look like a name",
    "units.aged": "Chinese has a word for years of age",
    "units.before_article": "Chinese has no article",
    "units.counted": "English numbers are words of their own",
    "names.generic": "Chinese has no capital letters that a common word could borrow",
}
#: Tables of sentences for people; everything else is looked for in policies.
SENTENCES = ("messages", "sentences", "problems", "categories")


def leaves(table: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a vocabulary with its dotted key; an open table is one value."""
    for key, value in table.items():
        name = f"{above}{key}"
        if isinstance(value, dict) and name not in OPEN:
            yield from leaves(value, f"{name}.")
        else:
            yield name, value


@pytest.mark.parametrize("language", languages())
def test_no_language_misses_a_key_of_another(language: str) -> None:
    every = {key for other in languages() for key, _ in leaves(vocabulary(other))}
    missing = every - dict(leaves(vocabulary(language))).keys() - ONE_GRAMMAR.keys()
    assert not missing, f"{language}.toml lacks {', '.join(sorted(missing))}"


@pytest.mark.parametrize("language", languages())
def test_no_group_is_empty(language: str) -> None:
    empty = [key for key, value in leaves(vocabulary(language)) if value in ("", [], {}) and key not in ONE_GRAMMAR]
    assert not empty, f"{language}.toml: nothing in {', '.join(empty)}"


@pytest.mark.parametrize("language", languages())
def test_a_key_holds_the_same_sort_of_value_in_every_language(language: str) -> None:
    english, other = dict(leaves(vocabulary("en"))), dict(leaves(vocabulary(language)))
    differing = [key for key in english.keys() & other.keys() if type(english[key]) is not type(other[key])]
    assert not differing


@pytest.mark.parametrize("language", languages())
def test_every_pattern_compiles(language: str) -> None:
    for key, value in leaves(vocabulary(language)):
        if key.startswith(SENTENCES):
            continue
        values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
        for pattern in values:
            if isinstance(pattern, str):
                try:
                    re.compile(pattern)
                except re.error as error:
                    pytest.fail(f"{language}.toml, {key}: {pattern!r} is no pattern: {error}")


@pytest.mark.parametrize("language", languages())
def test_sentences_of_every_language_have_the_same_blanks(language: str) -> None:
    blanks = re.compile(r"\{(\w*)\}")
    other = dict(leaves(vocabulary(language)))
    for key, value in leaves(vocabulary("en")):
        if key.startswith(SENTENCES) and isinstance(value, str) and key in other:
            extra = set(blanks.findall(other[key])) - set(blanks.findall(value))
            assert not extra, f"{language}.toml, {key}: nothing fills {extra}"


@pytest.mark.parametrize("language", languages())
def test_every_category_has_cues_of_each_strength_and_none_twice(language: str) -> None:
    table = vocabulary(language)["categories"]
    assert set(table) == set(CATEGORIES)
    for category in CATEGORIES:
        for level in ("heading", "strong", "weak"):
            phrases = table[category][level]
            twice = {phrase for phrase in phrases if phrases.count(phrase) > 1}
            assert not twice, f"{language}.toml, {category}.{level}: {twice}"
