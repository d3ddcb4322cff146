"""From bytes to text, whatever a server declared: marks first, then what the bytes can be, then what was declared.

Order and label names follow the WHATWG Encoding Standard (https://encoding.spec.whatwg.org/), with one difference: a
body that is valid UTF-8 is read as UTF-8 even where another encoding was declared, since that declaration is far more
often wrong than a page of another encoding is valid UTF-8 by chance.
"""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Labels as written on pages -> the superset that browsers really decode with.
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "iso-8859-1": "windows-1252",
    "latin1": "windows-1252",
    "latin-1": "windows-1252",
    "us-ascii": "windows-1252",
    "ascii": "windows-1252",
    "iso-8859-9": "windows-1254",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
}
_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding=["']([\w.:-]+)|<meta[^>]{0,500}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.I
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)
#: Undeclared encodings worth a guess, each with signs that are frequent in its own language and rare in wrong readings.
_GUESSES = (
    ("gb18030", "的我们您信息个人会使用不将务服与可在时"),
    ("big5hkscs", "的我們您資料個人會使用不將務服與可在時"),
    ("cp932", "のにをはがでとたしますなるい"),
    ("cp949", "의이에을를는니다하지로고보"),
    ("windows-1251", "оеаинтсрвлкмдпу"),
)
_HIGH = re.compile(r"[^\x00-\x7f]+")
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
_HEAD = 4096  #: bytes in which a declaration is looked for (the standard asks for 1024; real heads are longer)
_BIT = 1 << 15  #: bytes of which the decoder's text stays in a processor's cache
_ENOUGH = 0.12  #: share of frequent signs among the non-ASCII ones that makes a guess believable; prose has 0.2-0.6


def decode(body: bytes, content_type: str = "") -> str:
    """The text of `body`; never raises. Bytes that cannot be read become U+FFFD."""
    name = encoding_of(body, content_type)
    return body.decode(name, "replace").removeprefix("\ufeff")


def utf8(body: bytes, content_type: str = "") -> bytes:
    """`body` in UTF-8, as parsers want it; itself where it is that already."""
    ascii_only, marked = body.isascii(), body.startswith(codecs.BOM_UTF8)
    if not (ascii_only or marked or _wide(body)) and _is_valid(body):
        return body
    name = encoding_of(body, content_type)
    if ascii_only and name == "utf-8":
        return body
    return body.decode(name, "replace").removeprefix("\ufeff").encode("utf-8", "replace")


def encoding_of(body: bytes, content_type: str = "") -> str:
    """The name of the Python codec that reads `body` best."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return name
    wide = _wide(body)
    if wide or body.isascii():
        return wide or _stateful(body, content_type)
    if _is_utf8(body):
        return "utf-8"
    declared = _declared(body, content_type)
    if declared and declared != "utf-8" and _reads(body, declared):
        return declared
    return _guess(body) or "windows-1252"


def _wide(body: bytes) -> str:
    """UTF-16 without a mark: every second byte of mostly Latin markup is zero."""
    sample = body[:2048]
    if len(sample) < 4 or sample.count(0) * 3 < len(sample):
        return ""
    return "utf-16-le" if sample[1::2].count(0) > sample[0::2].count(0) else "utf-16-be"


def _stateful(body: bytes, content_type: str) -> str:
    """Encodings that look like ASCII: only when declared and their escape sequences are there."""
    declared = _declared(body, content_type)
    return declared if declared in {"iso2022_jp", "hz"} and (b"\x1b" in body or b"~{" in body) else "utf-8"


def _is_utf8(body: bytes) -> bool:
    """Valid UTF-8, forgiving a sequence cut off at the end and the odd broken byte in a long text."""
    if _is_valid(body):
        return True
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd") - text.endswith("\ufffd")
    return broken <= 0 or broken * 50 < sum(len(run) for run in _HIGH.findall(text))


def _is_valid(body: bytes) -> bool:
    """Whether this is UTF-8. Bit by bit, as far as there is more than ASCII: nobody wants the text itself here."""
    decode, open_ = codecs.getincrementaldecoder("utf-8")().decode, False
    try:
        for at in range(0, len(body), _BIT):
            bit = body[at : at + _BIT]
            more = not bit.isascii()
            if more or open_:
                decode(bit)
            open_ = more
        decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _declared(body: bytes, content_type: str) -> str:
    """The codec that the header or the head of the page names, "" for none or an unknown one."""
    header = _HEADER.search(content_type)
    meta = _DECLARED.search(body[:_HEAD])
    labels = [header[1] if header else "", (meta[1] or meta[2]).decode("ascii", "replace") if meta else ""]
    for label in filter(None, labels):
        name = _SUPERSETS.get(label.lower(), label)
        try:
            codec = codecs.lookup(name)
        except LookupError:
            continue
        if codec._is_text_encoding and codec.name not in {"utf-16", "utf-7", "idna", "punycode", "unicode_escape"}:
            return codec.name
    return ""


def _reads(body: bytes, name: str) -> bool:
    """Whether a declared encoding is possible: few signs of it are undecodable."""
    text = body.decode(name, "replace")
    return text.count("\ufffd") * 50 <= sum(len(run) for run in _HIGH.findall(text))


def _guess(body: bytes) -> str:
    """The encoding whose frequent signs the body is full of; "" where none is believable.

    Text in these scripts is runs of high bytes; accented letters of Latin text stand alone.
    """
    sample = body[:200_000]
    runs = _HIGH_BYTES.findall(sample)
    if sum(map(len, runs)) < 1.5 * len(runs):
        return ""
    best, score = "", _ENOUGH
    for name, frequent in _GUESSES:
        signs = "".join(_HIGH.findall(sample.decode(name, "replace")))
        share = sum(map(signs.count, frequent)) / len(signs) if signs else 0.0
        if share > score:
            best, score = name, share
    return best
