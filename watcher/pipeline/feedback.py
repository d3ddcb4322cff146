"""Alerts that people decided about, as labelled pairs: the old text, the new text, and what the change really was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watcher.pipeline.watch import merged
from watcher.records import Clause, Decision, Reason, Verdict
from watcher.store import Store, alerts, versions

MAX_CHANGES = 15  #: in one example; the most severe ones
MAX_QUOTE = 200  #: characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One labelled pair: two texts as Markdown, and its labels as JSON."""

    name: str
    old: str
    new: str
    labels: dict[str, Any]

    def write(self, folder: Path) -> None:
        """Write it into a folder of its own in `folder`."""
        place = folder / self.name
        place.mkdir(parents=True, exist_ok=True)
        (place / "old.md").write_text(self.old, encoding="utf8")
        (place / "new.md").write_text(self.new, encoding="utf8")
        labels = json.dumps(self.labels, ensure_ascii=False, indent=1)
        (place / "labels.json").write_text(labels + "\n", encoding="utf8")


def examples(store: Store) -> Iterator[Example]:
    """An example for each alert whose last decision accepts it or finds it not material."""
    for made in alerts.decided(store):
        alert = alerts.alert(store, made.alert)
        if made.decision == "escalate" or alert.verdict is None or alert.before is None or alert.after is None:
            continue
        name = f"{alert.source}-{alert.id}"
        old, new = (merged(versions.documents(store, v.id)).clauses for v in (alert.before, alert.after))
        yield Example(name=name, old=markdown(old), new=markdown(new), labels=_labels(name, alert.verdict, made))


def _labels(name: str, verdict: Verdict, made: Decision) -> dict[str, Any]:
    """What a person says the change was: the judge's changes, none of them material where the person said so."""
    accepted = made.decision == "accept"
    labels = {
        "id": name,
        "verdict": verdict.level if accepted else "minor",
        "why": made.note or verdict.headline,
        "by": made.by,
        "changes": [_change(reason, accepted and reason.material) for reason in verdict.reasons[:MAX_CHANGES]],
    }
    return labels | ({"truncated": True} if len(verdict.reasons) > MAX_CHANGES else {})


def _change(reason: Reason, material: bool) -> dict[str, Any]:
    change = reason.change
    label: dict[str, Any] = {
        "kind": change.kind,
        "action": change.action,
        "material": material,
        "subject": change.subject,
        "before": change.before,
        "after": change.after,
        "quote_old": _quote(change.quote_old),
        "quote_new": _quote(change.quote_new),
    }
    return label | ({"named": change.named} if change.kind == "sharing" else {})


def _quote(text: str) -> str:
    """The beginning of a quote, to the last whole word that fits, as it stands in the Markdown."""
    if len(text) > MAX_QUOTE:
        text = text[:MAX_QUOTE].rsplit(" ", 1)[0]
    return _escaped(text)


# --- a policy as Markdown --------------------------------------------------------------------------------------------

_SIGNS = re.compile(r"([\\`*_\[\]<>#])")


def markdown(clauses: Sequence[Clause]) -> str:
    """A policy as Markdown that reads back as the same clauses."""
    lines: list[str] = []
    before: Clause | None = None
    for clause in clauses:
        if clause.shape == "row":
            lines += _row(clause, continued=before is not None and before.columns == clause.columns != ())
        else:
            lines += ["", _line(clause)]
        before = clause if clause.shape == "row" else None
    return "\n".join(lines).strip() + "\n"


def _line(clause: Clause) -> str:
    text = _escaped(f"{clause.number} {clause.text}" if clause.number not in ("", "•") else clause.text)
    if clause.shape == "heading":
        return f"{'#' * min(len(clause.path) + 1, 6)} {text}"
    return f"- {text}" if clause.shape == "item" else text


def _row(clause: Clause, *, continued: bool) -> list[str]:
    cells = [_escaped(cell).replace("|", "\\|") for cell in clause.cells or (clause.text,)]
    row = f"| {' | '.join(cells)} |"
    if continued:
        return [row]
    head = [_escaped(column).replace("|", "\\|") for column in clause.columns or [""] * len(cells)]
    return ["", f"| {' | '.join(head)} |", "|" + " --- |" * len(head), row]


def _escaped(text: str) -> str:
    """Text whose signs Markdown leaves alone; done sign by sign, so that a quote stays a part of its clause."""
    return _SIGNS.sub(r"\\\1", text)
