"""What a process remembers of the database is bounded, and never said of a database that no longer agrees with it."""

from __future__ import annotations

import pytest

from tests.store.test_rows import FACT, document, store, version
from watcher.records import Document
from watcher.store import Store, versions
from watcher.store.recent import Recent, met, shared

__all__ = ["store"]


def test_a_table_of_what_is_recent_stays_small_and_keeps_what_is_asked_for() -> None:
    recent: Recent[int, str] = Recent(100)
    for i in range(1000):
        recent[i] = str(i)
        assert recent.get(0) == "0"
    kept = [i for i in range(1000) if recent.get(i) is not None]
    assert 0 in kept
    assert 999 in kept
    assert len(kept) <= 100


def test_equal_clauses_of_two_readings_are_one_object() -> None:
    one, other = shared(document("a", "b")), shared(document("a", "c"))
    assert one.clauses[0] is other.clauses[0]
    assert one == document("a", "b")
    assert met(one.clauses[1]) is one.clauses[1]


def undone(store: Store, read: Document) -> None:
    with store.atomic():
        versions.keep_document(store, read, "w")
        raise ZeroDivisionError


def test_clauses_of_a_step_that_was_undone_are_not_taken_for_stored(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        undone(store, document("a"))
    id = versions.keep_document(store, document("a", "b"), "w")
    assert versions.document(store, id) == document("a", "b")
    assert store.rows("PRAGMA foreign_key_check") == []


def test_clauses_of_a_part_of_a_step_that_was_undone_are_not_taken_for_stored(store: Store) -> None:
    with store.atomic():
        with pytest.raises(ZeroDivisionError):
            undone(store, document("a"))
        id = versions.keep_document(store, document("a", "b"), "w")
    assert versions.document(store, id) == document("a", "b")
    assert store.rows("PRAGMA foreign_key_check") == []


def test_facts_that_another_process_filled_in_otherwise_are_filled_in_again(store: Store) -> None:
    new = version(store, "a")
    [clause] = versions.documents(store, new)[0].clauses
    versions.keep_facts(store, new, [(clause, (FACT,))], set(), "1")
    with Store(store.path) as other:
        versions.keep_facts(other, new, [(clause, ())], set(), "2")
    assert versions.facts(store, new) == ()
    versions.keep_facts(store, new, [(clause, (FACT,))], set(), "1")
    assert [fact.key for fact in versions.facts(store, new)] == [FACT.key]


def test_facts_of_one_reader_are_not_those_of_another(store: Store) -> None:
    new = version(store, "a")
    [clause] = versions.documents(store, new)[0].clauses
    versions.keep_facts(store, new, [(clause, (FACT,))], set(), "1")
    assert versions.known_facts(store, [clause], "2") == [None]
    versions.keep_facts(store, new, [(clause, ())], set(), "2")
    assert versions.known_facts(store, [clause], "2") == [()]
    assert versions.known_facts(store, [clause], "1") == [None]
    assert versions.facts(store, new) == ()


def test_a_reading_is_loaded_once_until_it_is_forgotten(store: Store) -> None:
    new = version(store, "a", "b")
    [first] = versions.documents(store, new)
    assert versions.documents(store, new)[0] is first
    store.memory.forget_rows()
    assert versions.documents(store, new)[0] == first
