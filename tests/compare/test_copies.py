"""The same item in several lists: which list lost it, which won it, and when that says nothing."""

from __future__ import annotations

import pytest

from tests.compare.test_align import changed
from tests.judge.test_rules import judged

ITEMS = ("your street address", "the titles in your basket", "posts that you make public", "the time of your visit")
AIMS = ("Parcels", "Advertising", "Research")


def section(title: str, lead: str, items: tuple[str, ...]) -> str:
    return f"## {title}\n\n{lead}\n\n" + "".join(f"- {item}\n" for item in items) + "\n"


def policy(*lists: tuple[str, ...], lead: str = "For this we use:") -> str:
    return "".join(section(title, lead, items) for title, items in zip(AIMS, lists, strict=True))


FULL = policy(ITEMS, ITEMS, ITEMS)
LESS = policy(ITEMS, ITEMS[:2] + ITEMS[3:], ITEMS)


def test_an_item_that_one_of_several_equal_lists_loses_is_gone_there() -> None:
    (link,) = changed(FULL, LESS)
    assert (link.outcome, link.listed, link.old[0].text) == ("gone", True, ITEMS[2])
    assert link.old[0].clause.path[-1] == "Advertising"


def test_an_item_that_one_of_several_equal_lists_wins_is_new_there() -> None:
    (link,) = changed(LESS, FULL)
    assert (link.outcome, link.listed, link.new[0].clause.path[-1]) == ("new", True, "Advertising")


@pytest.mark.parametrize(("old", "new", "told"), [(FULL, LESS, "no longer lists"), (LESS, FULL, "now lists")])
def test_it_is_told_with_the_section_of_its_list(old: str, new: str, told: str) -> None:
    verdict = judged(old, new)
    assert verdict.level == "material"
    assert told in verdict.headline.lower()
    assert "Advertising" in verdict.headline


def test_equal_lists_under_one_heading_are_told_apart_by_their_place() -> None:
    lead = "Your activity and what you provide:"
    one, two = section("Interests", lead, ITEMS), f"Telling you news\n\n{lead}\n\n" + "".join(f"- {i}\n" for i in ITEMS)
    less = two.replace(f"- {ITEMS[1]}\n", "")
    (link,) = changed(f"{one}{two}\nMending faults\n\n{two}", f"{one}{two}\nMending faults\n\n{less}")
    assert (link.outcome, link.old[0].text, link.listed) == ("gone", ITEMS[1], True)


def test_what_is_shared_and_no_longer_only_collected_is_told() -> None:
    collected = section("Collected", "We collect:", ITEMS)
    shared = "## Shared\n\nWe share with our partners:\n\n- {}\n- the age of your account\n"
    old, new = (
        collected + shared.format("your member number"),
        collected + shared.format(f"your member number\n- {ITEMS[0]}"),
    )
    (reason,) = judged(old, new).reasons
    assert (reason.rule, reason.change.kind, reason.change.action) == ("listed-elsewhere", "sharing", "added")


def test_a_right_that_one_region_no_longer_has_is_told() -> None:
    rights = ("ask for a copy of your data", "object to advertising", "have wrong data corrected")
    lists = [section(region, "You may:", rights) for region in ("Ohio", "Utah", "Texas")]
    new = "".join([lists[0], section("Utah", "You may:", rights[:1] + rights[2:]), lists[2]])
    (reason,) = judged("".join(lists), new).reasons
    assert (reason.change.kind, reason.change.action, reason.material) == ("rights", "removed", True)
    assert reason.change.section.endswith("Utah")


def test_a_list_that_stood_twice_and_now_once_is_no_change() -> None:
    twice = section("Parcels", "For this we use:", ITEMS) * 2
    assert not changed(twice, section("Parcels", "For this we use:", ITEMS))
    assert not changed(section("Parcels", "For this we use:", ITEMS), twice)


def test_an_item_that_stood_twice_in_one_list_and_now_once_is_no_change() -> None:
    assert not changed(policy((*ITEMS, ITEMS[0]), ITEMS, ITEMS), FULL)


def test_equal_lists_in_another_order_are_no_change() -> None:
    mixed = policy(ITEMS[::-1], ITEMS, (*ITEMS[2:], *ITEMS[:2]))
    assert not changed(FULL, mixed)


def test_an_item_that_is_a_sentence_of_its_own_says_the_same_in_one_list_as_in_two() -> None:
    promise = "We encrypt everything that we send to our couriers."
    old = policy((*ITEMS, promise), (*ITEMS, promise), ITEMS)
    assert judged(old, policy((*ITEMS, promise), ITEMS, ITEMS)).level == "noise"


def test_an_item_that_took_the_words_of_another_list_was_reworded() -> None:
    long = "visitor number (VN), which we make up and which our partners can see"
    old = policy((*ITEMS, long), (*ITEMS[:2], "VN (visitor number)", *ITEMS[2:]), ITEMS)
    (link,) = changed(old, policy((*ITEMS, long), (*ITEMS[:2], long, *ITEMS[2:]), ITEMS))
    assert (link.outcome, link.old[0].text) == ("reworded", "VN (visitor number)")
