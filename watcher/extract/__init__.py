"""From a capture's bytes to clauses. Pure: nothing here reaches the network or the disk."""

from __future__ import annotations

import re
from collections.abc import Sequence

from watcher.errors import ExtractError
from watcher.lang.words import clause_hash
from watcher.records import Clause, Document

#: Stored with each version; raise it when the same bytes may give other clauses.
EXTRACTOR = "1"


def extract(
    body: bytes,
    *,
    content_type: str = "",
    url: str = "",
    select: Sequence[str] = (),
    remove: Sequence[str] = (),
    page: int = 0,
) -> Document:
    """The policy in `body` (HTML, PDF, Markdown, text), told by `content_type`, then `url`'s ending, then a look.

    Raises ExtractError where no text can be read at all, or where a selector matches nothing.
    """
    # First version, to be replaced by the rooms html.py, text.py, pdf.py and clauses.py.
    text = body.decode("utf8", "replace")
    if "<" in text[:200]:
        from selectolax.lexbor import LexborHTMLParser

        tree = LexborHTMLParser(text)
        for node in tree.css("script,style,nav,header,footer,aside,form,noscript,svg,template"):
            node.decompose()
        text = tree.body.text(separator="\n") if tree.body else ""
    path: tuple[str, ...] = ()
    clauses: list[Clause] = []
    for i, line in enumerate(s for s in text.split("\n") if s.strip()):
        words = re.sub(r"\]\([^)]*\)", "]", line).strip(" #*_-•\t")
        if not words:
            continue
        if line.startswith("#"):
            path = (words,)
        clauses.append(
            Clause(
                text=words,
                shape="heading" if line.startswith("#") else "paragraph",
                anchor=f"c{i}",
                path=path,
                language="zh" if re.search("[\u4e00-\u9fff]{4}", words) else "en",
                page=page,
                hash=clause_hash(words),
            )
        )
    if not clauses:
        raise ExtractError(f"{url or 'the document'} holds no text")
    chinese = sum(len(c.text) for c in clauses if c.language == "zh") * 2 > sum(len(c.text) for c in clauses)
    return Document(title=clauses[0].text, language="zh" if chinese else "en", clauses=tuple(clauses))
