"""Where to write or call: e-mail addresses and telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.facts.passage import Passage
from watcher.lang.index import DIGITS
from watcher.records import Fact

_EMAIL = re.compile(r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")
_PHONE = re.compile(r"(?<![\w./-])(?:\+\d{1,3}[ .-]?|\(\d{2,4}\) ?)?\d{2,4}[ .-]\d{3,4}(?:[ .-]\d{2,4}){1,2}(?![\w/-])")


def facts(passage: Passage) -> Iterator[Fact]:
    """E-mail addresses and telephone numbers; the address or number is the value."""
    if "@" in passage.text:
        for match in _EMAIL.finditer(passage.text, passage.body):
            yield _contact(passage, match, "email", match.group().casefold())
    if passage.may(DIGITS):
        for match in _PHONE.finditer(passage.text, passage.body):
            yield _contact(passage, match, "phone", re.sub(r"\D", "", match.group()))


def _contact(passage: Passage, match: re.Match[str], key: str, norm: str) -> Fact:
    value = match.group()
    return passage.fact("contact", f"contact {key}", match.span(), key=key, subject=value, value=value, norm=norm)
