"""Quotes are exact, cues are never missed by the look that saves searching for them, and nothing is slow."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.facts.reading import clause
from watcher.facts import clause_facts, cues
from watcher.facts.passage import Passage, passages
from watcher.lang import vocabulary
from watcher.records import Clause

WORDS = (
    "we may not share sell collect your personal data with third parties service providers for up to 30 days unless you"
    " opt out, advertising cookies do not track retained deleted under 16 transferred to servers in germany; including"
    " (such as) and or Facebook Acme Inc. it’s e-mail"
)
HAN = "我们可能会不与第三方合作伙伴共享您的个人信息，用于广告推送、保存期限为三十天。撤回同意注销SDK14周岁新加坡"


def groups(language: str) -> list[tuple[str, str]]:
    """Every list of cues, as (table, key)."""
    ids = {name.partition("/")[0] for name, _ in cues._cues(language)}
    named = [(table, key) for table, _, key in (name.partition(".") for name in sorted(ids)) if key in cues._PATTERNS]
    return [(table, key) for table, key in named if isinstance(vocabulary(language)[table][key], list)]


def check(text: str, language: str = "en") -> None:
    passage = Passage(clause(text, language=language), (0, len(text)), lead="", topics=frozenset(), first=True)
    for table, key in groups(passage.language):
        pattern = cues.pattern(passage.language, table, key)
        searched = pattern.search(passage.low)
        found = passage.find(table, key)
        assert (found and found.span()) == (searched and searched.span()), (table, key)
        assert passage.holds(table, key) == (searched is not None), (table, key)
        assert passage.spans(table, key) == [match.span() for match in pattern.finditer(passage.low)], (table, key)


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_the_look_misses_no_wording_of_a_cue(data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(["en", "zh"]))
    table, key = data.draw(st.sampled_from(groups(language)))
    cue = data.draw(st.sampled_from(vocabulary(language)[table][key]))
    alphabet = st.characters(codec="ascii" if cue.isascii() else "utf8", exclude_categories=["Cc", "Cs"])
    wording = data.draw(st.from_regex(re.compile(cue), fullmatch=True, alphabet=alphabet))
    check(f"{data.draw(st.sampled_from(['', 'we ', '（']))}{wording}".lower(), language)


@settings(deadline=None)  # the first text also reads the vocabulary
@given(st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=20))
def test_the_look_misses_no_english_cue(words: list[str]) -> None:
    check(" ".join(words))


@settings(deadline=None)
@given(st.text(alphabet=HAN, min_size=1, max_size=40))
def test_the_look_misses_no_chinese_cue(text: str) -> None:
    check("我" + text, "zh")


@settings(deadline=None)  # the first text also reads the vocabulary
@given(st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=60))
def test_a_quote_is_an_exact_part_of_its_clause(words: list[str]) -> None:
    text = " ".join(words)
    for fact in clause_facts(clause(text)):
        assert fact.quote
        assert text[fact.start : fact.end] == fact.quote
        assert fact.key == fact.key.lower()


def test_a_long_sentence_is_quoted_around_the_fact() -> None:
    text = "We share " + "a great deal of data of many sorts and kinds " * 12 + "with Zendesk and nobody else."
    (fact,) = [f for f in clause_facts(clause(text)) if f.key == "zendesk"]
    assert "Zendesk" in fact.quote
    assert len(fact.quote) <= 260


def test_a_heading_states_nothing_but_colours_what_follows() -> None:
    assert clause_facts(clause("We share data with Zendesk", shape="heading")) == ()
    (passage,) = passages(clause("Zendesk", path=("Who we share data with",)))
    assert "sharing" in passage.topics


@pytest.mark.parametrize(
    "unit", ["we share ", "with and or, ", "use data to provide, ", "X ", "a(", "不与", "、信息", "1 "]
)
def test_reading_time_grows_with_the_text_alone(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.process_time()
        clause_facts(Clause(text=text, anchor=str(size), language="zh" if ord(unit[0]) > 999 else "en", hash=str(size)))
        return time.process_time() - start

    seconds(100)  # compiles the patterns
    small, large = seconds(4_000), seconds(16_000)
    assert large < 12 * small + 0.5


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_parts_phrases_begins_with_a_word(language: str) -> None:
    index = cues.index(language)
    assert not index.bits(("nouns.joints", "nouns.stops")) & index.free
