"""Slack's own rules: what must be escaped, and how much fits (docs.slack.dev, "Formatting message text", "Blocks").

Words from a page are put into `rich_text` elements, which Slack shows as they are; mrkdwn is parsed, so only our own
words, and escaped ones, go there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from watcher.notify.quotes import Runs, shorten

MAX_BLOCKS = 50
MAX_SECTION = 3000  #: characters of a section's text
MAX_HEADER = 150
MAX_CONTEXT = 10  #: elements of a context block
MAX_TEXT = 4000  #: characters of the fallback; Slack cuts at 40,000 and advises 4,000
MAX_PAYLOAD = 35_000  #: characters of all blocks together, below Slack's 40,000

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
#: mrkdwn has no escape for its marks: a word joiner beside each keeps it from pairing up
_MARKS = str.maketrans({mark: f"{mark}\u2060" for mark in "*_~`"})


def escape(text: str) -> str:
    """`text` for mrkdwn: no mention, link, channel broadcast or emphasis can come of it."""
    return text.translate(_ENTITIES).translate(_MARKS)


def elements(runs: Runs, mark: str) -> list[dict[str, Any]]:
    """A quote as rich-text elements; what changed in the style `mark` ("bold", "strike")."""
    looks = {"same": {}, "changed": {mark: True}, "left_out": {"italic": True}}
    return [
        {"type": "text", "text": run.text} | ({"style": looks[run.look]} if looks[run.look] else {}) for run in runs
    ]


def fit(text: str) -> dict[str, Any]:
    """The payload that a template wrote as JSON, cut to Slack's limits. Raises ValueError where it is not a payload."""
    payload = json.loads(text)
    if not isinstance(payload, dict) or not isinstance(payload.get("text"), str):
        raise ValueError('a Slack message is a JSON object with "text" and, best, "blocks"')
    payload["text"] = shorten(payload["text"], MAX_TEXT)
    blocks = [_fit_block(block) for block in payload.get("blocks") or []]
    payload["blocks"] = _fit_number(blocks)
    return payload


def plain(payload: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The same message as text without blocks, for a server that refuses them."""
    rest = {name: value for name, value in payload.items() if name != "blocks"}
    return rest | {"text": shorten(escape(text), MAX_TEXT)}


def _fit_block(block: dict[str, Any]) -> dict[str, Any]:
    limit = {"header": MAX_HEADER, "section": MAX_SECTION}.get(block.get("type", ""))
    if limit and isinstance(block.get("text"), dict):
        return block | {"text": block["text"] | {"text": shorten(block["text"]["text"], limit)}}
    if block.get("type") == "context":
        return block | {"elements": block["elements"][:MAX_CONTEXT]}
    return block


def _fit_number(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """At most MAX_BLOCKS of MAX_PAYLOAD characters: the last ones stay (they hold the links), the middle gives way."""
    tail = blocks[-3:]
    head = blocks[: max(0, min(len(blocks), MAX_BLOCKS) - len(tail))]
    while head and _size([*head, *tail]) > MAX_PAYLOAD:
        head.pop()
    return [*head, *tail]


def _size(blocks: Iterable[dict[str, Any]]) -> int:
    return len(json.dumps(list(blocks), ensure_ascii=False))
