"""Alert -> Message: one story, told as plain text, Slack blocks, HTML e-mail and JSON.

The templates are Jinja2 files in `templates/`; a file of the same name in the operator's folder replaces one. Where a
replacement fails, at any point, the shipped one is used, with a warning: a slip in a template may spoil how an alert
looks, never whether it arrives.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    StrictUndefined,
    select_autoescape,
)
from markupsafe import Markup, escape

from watcher.notify import slack
from watcher.notify.quotes import clean, shorten
from watcher.notify.story import Story, tell
from watcher.records import Alert

log = logging.getLogger(__name__)
T = TypeVar("T")

MAX_QUOTE = 2000  #: characters of a quote in the JSON payload
MAX_HTML = 90_000  #: bytes; Gmail clips a message of more than 102 kB


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One alert, rendered for every sort of channel."""

    key: str  #: idempotency key: equal in every copy of the alert
    thread: str  #: what the messages about one source have in common, policy changes and problems apart
    subject: str  #: one line
    text: str
    html: str = field(repr=False)
    slack: Mapping[str, Any] = field(repr=False)  #: the payload of chat.postMessage or an incoming webhook
    data: Mapping[str, Any] = field(repr=False)  #: the documented JSON payload (docs/messages.md)


def render(alert: Alert, *, templates: Path | None = None, language: str = "en", dashboard: str = "") -> Message:
    """The message of an alert. `templates`: a folder of files that replace the shipped ones."""
    story = tell(alert, language=language, dashboard=dashboard)
    return Message(
        key=story.key,
        thread=f"{'policy' if story.type == 'change' else 'checks'}.{story.source}",
        subject=story.subject,
        text=fill("text.txt.j2", story, templates, str),
        html=fill("email.html.j2", story, templates, fitting_mail),
        slack=fill("slack.json.j2", story, templates, slack.fit),
        data=payload(alert, story),
    )


def payload(alert: Alert, story: Story) -> dict[str, Any]:
    """The JSON payload: stable; fields may be added, none is renamed or removed within a major version."""
    return {
        "version": 1,
        "key": story.key,
        "alert": story.id,
        "type": story.type,
        "about": alert.about,
        "created_at": _iso(story.created_at),
        "source": story.source,
        "vendor": story.vendor,
        "url": story.url,
        "dashboard": story.dashboard,
        "verdict": story.level,
        "subject": story.subject,
        "headline": story.headline,
        "detail": "" if story.type == "change" else story.lead,
        "changes": [
            {
                "kind": reason.change.kind,
                "action": reason.change.action,
                "subject": clean(reason.change.subject),
                "before": clean(reason.change.before),
                "after": clean(reason.change.after),
                "severity": reason.severity,
                "direction": reason.direction,
                "rule": reason.rule,
                "sentence": clean(reason.sentence),
                "quote_old": shorten(clean(reason.change.quote_old), MAX_QUOTE),
                "quote_new": shorten(clean(reason.change.quote_new), MAX_QUOTE),
                "section": clean(reason.change.section),
            }
            for reason in story.told
        ],
        "dates": _dates(alert),
        "notes": list(story.notes),
        "not_material": story.rest,
    }


def _dates(alert: Alert) -> dict[str, str | None]:
    """Each date apart: what the policy states, before and after, as days; what we saw, as times. None: not stated."""
    told: dict[str, str | None] = {}
    for name, version in (("before", alert.before), ("after", alert.after)):
        for role in ("updated", "effective", "published"):
            day = next((d.value for d in version.dates if d.role == role), None) if version else None
            told[f"{role}_{name}"] = day.isoformat() if day else None
    return told | {
        "first_seen": _iso(alert.after.first_seen) if alert.after else None,
        "confirmed": _iso(alert.after.confirmed_at) if alert.after else None,
        "old_verified": _iso(alert.before.verified_at) if alert.before else None,
    }


def _iso(at: datetime | None) -> str | None:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if at else None


def slack_page(message: Message, *, time: str = "") -> str:
    """A web page that shows the Slack message much as Slack does, drawn from the payload itself."""
    page = _environment(None).get_template("slack-preview.html.j2")
    return page.render(payload=message.slack, time=time)


def _shown(text: Mapping[str, str]) -> Markup:
    """A text object of Slack's as HTML: of mrkdwn, the links and code that our own templates write."""
    if text["type"] != "mrkdwn":
        return escape(text["text"])
    html = _LINK.sub(r'<a href="\1">\2</a>', str(escape(unescape(text["text"]))))
    return Markup(_CODE.sub(r"<code>\1</code>", html))


_LINK = re.compile(r"&lt;(https?://[^|]+?)\|(.+?)&gt;")
_CODE = re.compile(r"`([^`]+)`")


def fill(name: str, story: Any, folder: Path | None, finish: Callable[[str], T]) -> T:
    """A template filled and finished: the operator's if it is there and works, else ours."""
    if folder is not None and (folder / name).is_file():
        try:
            return finish(_environment(folder).get_template(name).render(story=story))
        except Exception as error:  # an operator's template may fail in any way
            log.warning("%s: %s: %s; the shipped template is used", folder / name, type(error).__name__, error)
    return finish(_environment(None).get_template(name).render(story=story))


@cache
def _environment(folder: Path | None) -> Environment:
    shipped: BaseLoader = PackageLoader("watcher.notify")
    loader = ChoiceLoader([FileSystemLoader(folder), shipped]) if folder else shipped
    environment = Environment(
        loader=loader,
        autoescape=select_autoescape(enabled_extensions=("html", "html.j2"), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    environment.filters["json"] = lambda value: json.dumps(value, ensure_ascii=False)
    environment.filters["mrkdwn"] = slack.escape
    environment.filters["shown"] = _shown
    environment.filters["elements"] = slack.elements
    return environment


def fitting_mail(html: str) -> str:
    """The page as it is: `story` bounds each of its parts; a template that outgrows the limit is refused."""
    if len(html.encode()) > MAX_HTML:
        raise ValueError(f"the e-mail has {len(html.encode())} bytes, more than {MAX_HTML}")
    return html
