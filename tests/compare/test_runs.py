"""Clauses that both versions have are left uncut where little differs, and the changes are those of cutting all."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.compare.test_compare import read
from watcher.compare import compare, runs
from watcher.compare.align import align
from watcher.records import Change

DATA = ("your name", "your street address", "the pages you read", "your reading list", "the model of your phone")
PARTIES = ("Zendesk", "DHL", "our printers", "the courts", "Quokkapost Ltd")
DEEDS = (
    "We share {data} with {party}.",
    "We keep {data} for 6 months. Then it is deleted.",
    "We collect {data} when you order.",
    "We do not sell {data} to {party}.",
    "You may ask us to delete {data} at any time.",
)
LINES = [deed.format(data=data, party=party) for deed in DEEDS for data in DATA for party in PARTIES]
#: Sections as long as those of real policies; some sentences stand in several.
POLICY = [*LINES[:40], *LINES[20:30], *LINES[60:95], "We keep your name for 6 months.", *LINES[100:]]

line = st.one_of(st.sampled_from(LINES), st.sampled_from(["We share your shoe size with Wombatnet.", "We keep all."]))
place = st.integers(0, len(POLICY) - 1)
edit = st.one_of(
    st.tuples(st.just("put in"), place, line),
    st.tuples(st.just("leave out"), place, st.just("")),
    st.tuples(st.just("replace"), place, line),
    st.tuples(st.just("reword"), place, st.sampled_from(["24 months", "your shoe size", "Wombatnet"])),
    st.tuples(st.just("move"), place, st.just("")),
)


def edited(edits: list[tuple[str, int, str]]) -> list[str]:
    lines = list(POLICY)
    for sort, at, words in edits:
        at %= len(lines)
        if sort == "put in":
            lines.insert(at, words)
        elif sort == "replace":
            lines[at] = words
        elif sort == "reword":
            lines[at] = lines[at].replace("6 months", words).replace("your name", words).replace("Zendesk", words)
        elif sort == "leave out":
            del lines[at]
        else:
            lines.insert(len(lines) - at, lines.pop(at))
    return lines


def changes(lines: list[str], *, light: int) -> tuple[Change, ...]:
    old, new = (read("# Privacy policy\n\n" + "\n\n".join(text)) for text in (POLICY, lines))
    with patch.object(runs, "LIGHT", light):
        return compare(old, new)


@settings(max_examples=25, deadline=None)
@given(st.lists(edit, min_size=1, max_size=4))
def test_leaving_clauses_uncut_changes_no_change(edits: list[tuple[str, int, str]]) -> None:
    lines = edited(edits)
    assert changes(lines, light=runs.LIGHT) == changes(lines, light=10**9)


def test_of_a_policy_with_one_new_clause_little_is_cut() -> None:
    lines = [*POLICY[:50], "We share your shoe size with Wombatnet.", *POLICY[50:]]
    old, new = (read("# Privacy policy\n\n" + "\n\n".join(text)).document for text in (POLICY, lines))
    assert len(align(old, new).links) < len(POLICY) / 4
