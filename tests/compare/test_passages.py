"""A passage rewritten in plain language is no change of a practice; one that turns something round is."""

from __future__ import annotations

import pytest

from tests.judge.test_rules import judged
from watcher.compare.sense import same_stance, same_things

#: What law departments do to a policy without changing a practice.
SAME = [
    (
        "A lasting cookie stays on your disk after you close your browser. You can erase a lasting cookie at any time "
        "by following the directions of your browser. A passing cookie disappears after you close your browser.",
        "Passing cookies disappear when you close your browser. Lasting cookies stay on your disk after that; you can "
        "delete them at any time by following your browser's directions.",
    ),
    (
        "We act as a carrier in situations when you hand in letters through the stall. We do not own, control, or read "
        "the letters handed in, and such letters are only processed in accordance with your instructions.",
        "Where you hand in letters through the stall, we act as a carrier: we neither own nor control those letters, "
        "do not read them, and process them only as your instructions say.",
    ),
    (
        "These parcels are often carried by the outside couriers of the shop.",
        "The outside couriers of the shop often carry these parcels.",
    ),
    (
        "If you do not consent to our use of cookies or select this setting you may be unable to visit parts of it.",
        "If you choose this setting or do not consent to our use of cookies, you may not be able to visit parts of it.",
    ),
    (
        "The safety of your letters is important to us, but remember that no way of sending letters is 100% secure.",
        "We take the safety of your letters seriously. No method of sending letters is 100% secure, however.",
    ),
    (
        "We may disclose some of your letters to couriers so that they carry them for the stall. These couriers keep "
        "your letters for no longer than 30 days.",
        "Some of your letters may be disclosed to couriers, who carry them for the stall. Your letters are kept by "
        "these couriers for no longer than thirty days.",
    ),
    (
        "为了寄送您的信件，我们会收集您的地址和姓名。您收回同意后，我们将不再处理您的地址。",
        "我们会收集您的姓名和地址，以便寄送您的信件。如您收回同意，我们将停止处理您的地址。",
    ),
]

#: What looks like it.
TURNED = [
    (
        "You may tell us at any time to stop. We do not share the letters with couriers who sell stamps or ink.",
        "At any time you may tell us to stop. We share the letters with couriers who sell stamps or ink.",
    ),
    (
        "We use the address of a reader to send parcels, and never for profiling, tracking, or marketing.",
        "We use the address of a reader to send parcels, and never for profiling or tracking.",
    ),
    (
        "You may ask us to delete your letters. To ask us anything else about the letters, write to our desk.",
        "You may ask us to correct your letters. To ask us anything else about the letters, write to our desk.",
    ),
    (
        "Your reading list is used exclusively to run the stall and to count its readers.",
        "Your reading list is used to run the stall and to count its readers.",
    ),
    (
        "We may disclose some of your letters to couriers so that they carry them for the stall. These couriers keep "
        "your letters for no longer than 30 days.",
        "Some of your letters may be disclosed to couriers, who carry them for the stall. Your letters are kept by "
        "these couriers for no longer than ninety days.",
    ),
    (
        "We will always notify you before we disclose your data to another stall.",
        "Another stall may receive your data from us; we may notify you after it has.",
    ),
    (
        "We may record what you wrote on a parcel. We combine this information with your letters.",
        "What you wrote on a parcel may be recorded by us. We combine it with your letters and your precise location.",
    ),
]


@pytest.mark.parametrize(("old", "new"), SAME)
def test_plain_language_is_no_change_of_a_practice(old: str, new: str) -> None:
    verdict = judged(old, new)
    assert verdict.level != "material", verdict.headline
    assert judged(new, old).level != "material"


@pytest.mark.parametrize(("old", "new"), TURNED)
def test_a_not_an_only_a_use_or_a_right_that_went_is_one(old: str, new: str) -> None:
    assert judged(old, new).level == "material"


def test_what_is_denied_and_then_stated_is_another_stance() -> None:
    assert not same_stance("We never pass letters on.", "Letters are passed on by us.", "en")
    assert same_stance("We never pass letters on.", "Letters are never passed on by us.", "en")
    assert not same_stance("我们不会保存信件。", "我们会保存信件。", "zh")


def test_another_right_is_another_thing_and_another_word_for_it_is_not() -> None:
    assert not same_things("You may have letters erased.", "You may have letters corrected.", "en")
    assert same_things("You may have letters erased.", "You may have letters deleted.", "en")


def test_a_company_that_says_how_it_was_called_is_not_new() -> None:
    old = "We share your address with Alder Parcels Ltd so that your parcel arrives."
    renamed = "We share your address with Birch Parcels Ltd, formerly Alder Parcels Ltd, so that your parcel arrives."
    another = "We share your address with Birch Parcels Ltd so that your parcel arrives."
    assert judged(old, renamed).level == "minor"
    assert judged(old, another).level == "material"


def test_dropping_a_caveat_takes_no_promise_away() -> None:
    assert judged("No website is completely secure.\n\nWe keep your name.", "We keep your name.").level == "minor"


def test_that_a_person_decides_is_a_promise() -> None:
    promise = "All final decisions about your application are made by a human reviewer."
    assert judged(f"We keep your name.\n\n{promise}", "We keep your name.").level == "material"
