"""Every page under pages/faults is refused by the rule that its name begins with; none under pages/good is."""

from __future__ import annotations

from pathlib import Path

import pytest

from watcher.gate import RULES
from watcher.pipeline.pure import capture_of_file, read_page

PAGES = Path(__file__).parent / "pages"
FAULTS = sorted((PAGES / "faults").glob("*.html"))
GOOD = sorted((PAGES / "good").glob("*.html"))
#: Rules whose example needs a last version, a status or an address: they are in test_versions.py.
COMPARING = {
    "status", "home-page", "other-language", "other-document", "breaks-off", "cut-short", "shrunk",
}  # fmt: skip


@pytest.mark.parametrize("file", FAULTS, ids=lambda file: file.stem)
def test_a_page_that_is_not_the_policy_is_refused_with_evidence(file: Path) -> None:
    _, rejection = read_page(capture_of_file(file), None)
    assert rejection is not None
    assert rejection.rule == file.name.partition(".")[0]
    assert rejection.evidence
    assert rejection.evidence.rstrip("….") in rejection.sentence


@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.stem)
def test_a_policy_that_talks_about_such_things_passes(file: Path) -> None:
    document, rejection = read_page(capture_of_file(file), None)
    assert document is not None
    assert rejection is None


@pytest.mark.parametrize("file", FAULTS, ids=lambda file: file.stem)
def test_a_fault_is_refused_after_a_good_version_too(file: Path) -> None:
    good, _ = read_page(capture_of_file(PAGES / "good" / "talks-of-robots-and-logins.html"), None)
    _, rejection = read_page(capture_of_file(file), good)
    assert rejection is not None


def test_every_rule_has_an_example() -> None:
    assert {rule.name for rule in RULES} == {file.name.partition(".")[0] for file in FAULTS} | COMPARING


def test_only_what_a_browser_can_mend_is_sent_to_the_browser() -> None:
    may = {rule.name for rule in RULES if rule.browser_may_help}
    assert may == {"bot-check", "script-shell", "consent-wall", "empty"}
