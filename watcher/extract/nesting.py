"""Elements nested by the thousand, by a generator that closes none or by malice, made flat before they are parsed.

HTML's rules have a parser look through all open elements at many a tag, so its time grows with the square of the depth:
minutes for 200 000 open <div>. Browsers build no tree deeper than 512 elements and put what is deeper side by side
(Blink and WebKit, `maximumHTMLParserDOMTreeDepth`); so do we, and no word is lost.
"""

from __future__ import annotations

import re
from collections import Counter

DEEPEST = 512  #: elements around one another; what is deeper only breaks the line
_MANY = 10_000  #: tags below which a page is read in a second or two, whatever their order
_TAG = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(?:script|style)\b.*?(?:</(?:script|style)|\Z)"
    rb"|<(?P<end>/?)(?P<name>[a-z][^\s/>]*)[^<>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^<>\"']*)*>",
    re.IGNORECASE | re.DOTALL,
)
#: Never around what follows them: void elements, and those that end where the next one of their sort begins.
_NEVER_AROUND = frozenset(
    b"area base br col embed hr img input link meta source track wbr p li dt dd tr td th thead tbody tfoot option "
    b"optgroup a button nobr html head body".split()
)
_INLINE = frozenset(
    b"abbr b bdi bdo big cite code em font i ins kbd mark q s small span strike strong sub sup u".split()
)


def _has_many_tags(source: bytes) -> bool:
    """Told from some of its bytes first: to count in all of them takes a third of the time that parsing does.

    Tags of one length may all fall between the bytes that are looked at, but not at two prime distances.
    """
    few = all(step * source[::step].count(b"<") < _MANY // 2 for step in (13, 17))
    return not few and source.count(b"<") >= _MANY


def flattened(source: bytes) -> bytes:
    """`source`, a page in UTF-8, with nothing but line breaks in place of the tags of elements that are too deep."""
    if len(source) < 3 * _MANY or not _has_many_tags(source):
        return source
    open_: Counter[bytes] = Counter()
    depth = 0

    def tag(found: re.Match[bytes]) -> bytes:
        nonlocal depth
        name = (found["name"] or b"").lower()
        if not name or name in _NEVER_AROUND:
            return found[0]
        flat = b"" if name in _INLINE else b"<br>"
        if not found["end"]:
            open_[name] += 1
            depth += 1
            return found[0] if depth <= DEEPEST else flat
        if not open_[name]:
            return found[0]
        open_[name] -= 1
        depth -= 1
        return found[0] if depth < DEEPEST else flat

    return _TAG.sub(tag, source)
