"""A short run of the fuzz target with its seed corpus, always the same."""

import random

from tests.fuzz.fuzz_extract import corpus, mutated, one_input


def test_the_seed_corpus_and_some_mutations_of_it_break_nothing() -> None:
    pages, chance = corpus(), random.Random(20260101)
    assert all(one_input(page) for page in pages)
    for _ in range(150):
        one_input(mutated(chance.choice(pages), pages, chance))
