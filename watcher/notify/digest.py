"""Several alerts as one message, grouped by vendor: each with its headline, how much it weighs and where to read on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from watcher.lang import vocabulary
from watcher.notify import slack
from watcher.notify.passages import Words
from watcher.notify.render import Message, fill, fitting_mail, payload
from watcher.notify.story import Story, key_of, tell
from watcher.records import Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Several alerts as people read them."""

    key: str
    subject: str
    language: str
    groups: tuple[tuple[str, tuple[Story, ...]], ...]  #: (vendor, its alerts); what is material comes first
    say: Words


def render_digest(
    told: Sequence[Alert], *, templates: Path | None = None, language: str = "en", dashboard: str = ""
) -> Message:
    """The message of several alerts; every one keeps its own key and reference in it."""
    say = vocabulary(language)["messages"]
    stories = [tell(a, language=language, dashboard=dashboard) for a in told]
    material = [story for story in stories if story.level == "material"]
    first = {story.vendor for story in material}
    stories.sort(key=lambda s: (s.vendor not in first, s.vendor, s.level != "material", s.id))
    groups = tuple((vendor, tuple(found)) for vendor, found in groupby(stories, lambda story: story.vendor))
    vendors = [vendor for vendor, _ in groups]
    names = say["comma"].join(vendors[:3])
    if len(vendors) > 3:
        names = say["names_more"].format(names=names, n=len(vendors) - 3)
    key = f"digest.{key_of(told[0])}.{len(told)}"
    subject = say["digest_material" if material else "digest"].format(n=len(told), m=len(material), vendors=names)
    digest = Digest(key=key, subject=subject, language=language, groups=groups, say=say)
    by_id = {alert.id: alert for alert in told}
    return Message(
        key=key,
        thread="digest",
        subject=subject,
        text=fill("digest.txt.j2", digest, templates, str),
        html=fill("digest.html.j2", digest, templates, fitting_mail),
        slack=fill("digest.slack.json.j2", digest, templates, slack.fit),
        data={
            "version": 1,
            "key": key,
            "type": "digest",
            "subject": subject,
            "alerts": [payload(by_id[story.id], story) for story in stories],
        },
    )
