"""Unpacking within limits."""

from __future__ import annotations

import gzip

import pytest

from tests.fetch.test_http import PAGE, fetch, refused
from tests.server import Answer, Site
from watcher.fetch.body import Gunzip

PACKED = {"Content-Encoding": "gzip"}


def test_gzip_in_several_members_and_with_padding_is_unpacked_whole(site: Site) -> None:
    body = gzip.compress(b"<p>first</p>") + gzip.compress(PAGE.encode()) + b"\0\0\0"
    url = site.route("/members", Answer(body, headers=PACKED))
    assert fetch(url).body == b"<p>first</p>" + PAGE.encode()


@pytest.mark.parametrize("size", [1, 2, 7])
def test_it_is_unpacked_the_same_however_it_is_cut(size: int) -> None:
    body = gzip.compress(b"one") + gzip.compress(b"two")
    gunzip = Gunzip()
    pieces = [gunzip.feed(body[start : start + size], 100) for start in range(0, len(body), size)]
    assert b"".join(pieces) == b"onetwo"
    assert gunzip.complete


def test_a_bomb_is_never_unpacked_beyond_its_room() -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    assert len(Gunzip().feed(bomb, 1000)) == 1000


def test_a_compressed_answer_that_breaks_off_is_transient(site: Site) -> None:
    error = refused(site.route("/cut", Answer(gzip.compress(PAGE.encode())[:-9], headers=PACKED)))
    assert (error.transient, error.reason) == (True, "connection")


def test_an_empty_answer_is_empty_even_where_it_claims_to_be_compressed(site: Site) -> None:
    assert fetch(site.route("/empty", Answer(b"", headers=PACKED))).body == b""
