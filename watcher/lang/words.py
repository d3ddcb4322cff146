"""What counts as the same words: normalisation, and the hash that is a clause's identity."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from watcher.lean import late

_DROP = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"  #: soft hyphen, zero-width and direction signs
_SINGLE, _DOUBLE, _DASH = "‘’‚‛′`´", "“”„‟″«»「」『』", "‐‑‒–—―−"
_PLAIN = dict.fromkeys(_SINGLE, "'") | dict.fromkeys(_DOUBLE, '"') | dict.fromkeys(_DASH, "-")
_TYPOGRAPHY = re.compile(f"[{_DROP}{''.join(_PLAIN)}]")
_CJK = "\u3400-\u9fff\uf900-\ufaff\u3000-\u303f\uff00-\uffef"
#: Any sign from U+3000 on; said so, for the compiler goes through the signs that a class names (see `late`).
_WIDE = re.compile("[^\x00-\u2fff]")
HAN = re.compile("[\u3400-\u9fff]")  #: a Chinese sign
_CJK_SPACE = late(f"(?<=[{_CJK}])\\s+|\\s+(?=[{_CJK}])")


def normal(text: str) -> str:
    """`text` with everything that is typography taken out: form, invisible signs, quotes, dashes, spaces, case."""
    if text.isascii():
        return " ".join(text.replace("`", "'").split()).lower()
    text = unicodedata.normalize("NFKC", text)
    text = " ".join(_TYPOGRAPHY.sub(_plain, text).split())
    if _WIDE.search(text):
        text = _CJK_SPACE.sub("", text)
    return text.casefold()


def _plain(found: re.Match[str]) -> str:
    return _PLAIN.get(found.group(), "")


def clause_hash(text: str) -> str:
    """The identity of a clause: the first 16 bytes, in hex, of the SHA-256 of its normal words."""
    return hashlib.sha256(normal(text).encode()).hexdigest()[:32]
