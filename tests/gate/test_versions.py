"""A capture is held against the last accepted version: cut, swapped or translated pages are told from real rewrites."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.gate.policy import POLICY, Section, capture, html, read
from watcher.gate import inspect
from watcher.pipeline.pure import compare_captures
from watcher.records import Document

OLD = read(html(POLICY))
TERMS: tuple[Section, ...] = (
    (
        "Terms of service",
        (
            "By placing an order you accept these terms, and you confirm that you may enter into contracts.",
            "The price of a shelf is the price shown when you order it. We send an invoice with the shelf.",
            "You may return a shelf within thirty days if it is clean and whole. We use the records of your order to "
            "check the date. You provide the information that the carrier needs to collect it.",
            "We store the shelf for you for up to two months if the data that you submit with your order asks for it.",
            "Nothing in these terms limits our liability for harm that we cause on purpose.",
        ),
    ),
)
GERMAN: tuple[Section, ...] = (
    (
        "Datenschutzerklärung",
        (
            "Wir erheben Ihren Namen und Ihre Anschrift, wenn Sie etwas bestellen, und geben sie an den Boten weiter.",
            "Wir speichern Rechnungen für zehn Jahre, weil das Gesetz es von uns verlangt.",
            "Sie können jederzeit fragen, welche Daten wir über Sie gespeichert haben, und sie löschen lassen.",
        ),
    ),
)
CHINESE: tuple[Section, ...] = (
    (
        "隐私政策",
        (
            "您下单时，我们会收集您的姓名和地址，并提供给承运人。",
            "我们会保存发票十年，因为法律要求我们这样做。",
            "您可以随时查询我们保存了您的哪些个人信息，并要求删除。",
        ),
    ),
)


def rule_of(body: bytes, previous: Document | None = OLD, *, url: str = "", final_url: str = "") -> str:
    """The rule that refuses a page, "" if it passes."""
    address = {"url": url} if url else {}
    rejection = inspect(capture(body, final_url=final_url, **address), read(body), previous)
    if rejection is not None:
        assert rejection.evidence
    return rejection.rule if rejection else ""


def changed(*swaps: tuple[str, str], sections: tuple[Section, ...] = POLICY) -> tuple[Section, ...]:
    """The sections with words swapped."""
    out = []
    for heading, paragraphs in sections:
        for old, new in swaps:
            paragraphs = tuple(p.replace(old, new) for p in paragraphs)
        out.append((heading, paragraphs))
    return tuple(out)


def test_the_same_page_passes() -> None:
    assert rule_of(html(POLICY)) == ""


def test_small_changes_pass() -> None:
    assert rule_of(html(changed(("thirty days", "ninety days")))) == ""


def test_a_section_that_was_taken_out_passes() -> None:
    assert rule_of(html(POLICY[:6] + POLICY[7:])) == ""
    assert rule_of(html(POLICY[:7])) == ""


def test_a_rewrite_to_a_third_of_its_length_passes() -> None:
    short: tuple[Section, ...] = (
        (
            "Privacy policy",
            (
                "Last updated: 1 March 2026",
                "We collect what we need to deliver your order: name, address, telephone number.",
                "We share it with the carrier, and with Fjord Hosting, which stores it for us in Sweden.",
                "We keep invoices for ten years and delete everything else after three months.",
                "You may see, correct or erase your data: write to privacy@oakshelf.example.",
            ),
        ),
    )
    assert rule_of(html(short)) == ""
    undated = changed(("Last updated: 1 March 2026", ""), sections=short)
    assert rule_of(html(undated)) == ""


def test_a_rewrite_that_keeps_a_third_word_for_word_but_is_newly_dated_passes() -> None:
    assert rule_of(html(changed(("3 May 2025", "1 March 2026"), sections=POLICY[:4]))) == ""


def test_a_longer_rewrite_passes() -> None:
    assert rule_of(html(changed(("We ", "Our company "), ("data", "information")))) == ""


def test_the_same_policy_under_a_new_title_passes() -> None:
    assert rule_of(html(POLICY, title="Oakshelf: how we treat your data")) == ""


@pytest.mark.parametrize("kept", [3, 4, 5])
def test_a_capture_that_lost_its_later_sections_is_refused(kept: int) -> None:
    assert rule_of(html(POLICY[:kept])) == "cut-short"


def test_a_capture_that_lost_half_of_its_sections_is_refused() -> None:
    assert rule_of(html(POLICY[:1] + POLICY[2::2])) == "cut-short"


def test_teasers_that_change_with_every_visit_do_not_hide_a_cut() -> None:
    def page(sections: tuple[Section, ...], *teasers: str) -> bytes:
        return html((*sections, *((teaser, (f"{teaser}, says our joiner.",)) for teaser in teasers)))

    old = read(page(POLICY, "Five woods that age well", "A visit to the sawmill"))
    assert rule_of(page(POLICY, "How to hang a shelf", "Glue or screws"), old) == ""
    assert rule_of(page(POLICY[:5], "How to hang a shelf", "Glue or screws"), old) == "cut-short"


def test_a_capture_that_breaks_off_inside_a_sentence_is_refused() -> None:
    cut = html(POLICY).decode().partition("and you may have your data er")[0] + "and you may have your data er"
    assert rule_of(cut.encode()) == "breaks-off"


def test_a_last_clause_without_a_full_stop_is_no_break() -> None:
    signed = (*POLICY[:-1], ("Contact", ("Write to privacy@oakshelf.example or come by",)))
    assert rule_of(html(signed)) == ""


def test_a_stub_of_a_long_policy_is_refused() -> None:
    long = read(html(POLICY * 2))
    stub: tuple[Section, ...] = (
        (
            "Privacy policy",
            (
                "We protect your data. Choose your country to read how we collect and use it.",
                "Norway",
                "Sweden",
            ),
        ),
    )
    assert rule_of(html(stub), long) == "shrunk"


def test_another_document_of_the_site_is_refused() -> None:
    assert rule_of(html(TERMS * 2, title="Terms of service | Oakshelf")) == "other-document"


def test_a_page_in_another_language_is_refused() -> None:
    assert rule_of(html(GERMAN, title="Datenschutz | Oakshelf", lang="de")) == "other-language"
    assert rule_of(html(CHINESE, title="隐私政策", lang="zh")) == "other-language"
    assert rule_of(html(POLICY), read(html(CHINESE, lang="zh"))) == "other-language"


def test_a_translation_that_joins_the_policy_on_its_page_passes() -> None:
    assert rule_of(html(POLICY + CHINESE * 9)) == ""


def test_the_front_page_in_place_of_the_policy_is_refused() -> None:
    shop: tuple[Section, ...] = (
        (
            "Shelves that last",
            ("Every board is planed by hand and dried for two years in our own barn in the dales.",) * 6,
        ),
    )
    page = html(shop, title="Oakshelf: shelves of oak")
    assert rule_of(page, final_url="https://oakshelf.example/") == "home-page"
    assert rule_of(page, None, final_url="https://oakshelf.example/en/") == "home-page"
    assert rule_of(html(POLICY), final_url="https://oakshelf.example/") == ""
    assert rule_of(page, final_url="https://oakshelf.example/legal/privacy-notice") == "not-a-policy"


def test_a_part_that_failed_inside_a_good_page_is_refused() -> None:
    broken = (("This page isn’t available", ("Try reloading it.",)), *POLICY[1:])
    assert rule_of(html(broken)) == "not-found"


def test_an_error_status_is_refused_whatever_the_page_says() -> None:
    page = replace(capture(html(POLICY)), status=503)
    rejection = inspect(page, OLD, None)
    assert rejection is not None
    assert (rejection.rule, rejection.evidence) == ("status", "HTTP status 503")


def test_a_challenge_header_is_proof_enough() -> None:
    page = replace(capture(html(POLICY)), headers=(("cf-mitigated", "challenge"),))
    rejection = inspect(page, OLD, None)
    assert rejection is not None
    assert (rejection.rule, rejection.browser_may_help) == ("bot-check", True)


def test_what_was_accepted_before_stays_accepted() -> None:
    stub = read(b"<title>Sign in</title><main><p>Please log in to continue</p></main>")
    assert inspect(capture(b""), stub, None) is not None
    assert inspect(capture(b""), stub, stub) is None


def test_an_older_capture_that_was_cut_short_makes_the_difference_no_news() -> None:
    whole = html(POLICY)
    broken = whole.decode().partition("and you may have your data er")[0] + "and you may have your data er"
    for cut in (html(POLICY[:4]), broken.encode()):
        step = compare_captures(capture(cut), capture(whole))
        assert step.verdict is None
        assert step.rejection is not None
        assert step.rejection.rule == "older-cut-short"


def test_a_section_added_at_the_end_is_news() -> None:
    step = compare_captures(capture(html(POLICY[:7])), capture(html(POLICY)))
    assert step.rejection is None
    assert step.verdict is not None
