"""What is told, in plain words: one sentence for each change, from the [sentences] tables of watcher/lang."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from watcher.lang import languages, vocabulary
from watcher.records import Change, Document, Fact, Level, Reason


def _table(language: str) -> Mapping[str, Any]:
    """The sentences of `language`, English for one that is not shipped."""
    table: Mapping[str, Any] = vocabulary(language if language in languages() else "en")["sentences"]
    return table


def sentence(change: Change, language: str) -> str:
    """The change in one plain sentence that says nothing its quotes don't show."""
    table = _table(language)
    fact = change.new or change.old
    told: str
    if fact is None:
        told = _wording(change, table)
    else:
        form = _form(change, fact)
        form = form if f"{change.kind}.{form}" in table["facts"] else change.action
        role = table["roles"].get(fact.role or "", "")
        told = table["facts"][f"{change.kind}.{form}"].format(
            subject=change.subject,
            before=change.before or table["unstated"],
            after=change.after or table["unstated"],
            value=_joined(table["value"], change.after or change.before),
            role=_joined(table["role"], role),
            data=_joined(table["data"], fact.data),
        )
    return told[:1].upper() + told[1:]


def _form(change: Change, fact: Fact) -> str:
    """Which sentence tells a fact: of one that is denied, that the denial came ("not") or went ("unsaid")."""
    if "polarity" in change.signals:
        return "turned"
    if fact.polarity or (change.old and change.new):
        return change.action
    return "unsaid" if change.action == "removed" else "not"


def label(name: str, language: str) -> str:
    """A word of a report: of a verdict, a direction, or the title of a report without a headline."""
    told: str = _table(language)["labels"][name]
    return told


def _joined(template: str, words: str) -> str:
    return template.format(words) if words else ""


def _wording(change: Change, table: Mapping[str, Any]) -> str:
    """A changed wording: what it is about, the words, and how they bind otherwise than before."""
    edited = "edit" in change.signals
    form = {"added": "inserted", "removed": "dropped"}.get(change.action, "changed") if edited else change.action
    if "unlisted" in change.signals and change.section:
        form = f"{form}.list"
    told: str = table["words"][form].format(
        kind=table["kinds"][change.kind],
        section=change.section.split(" > ")[-1],
        quote=change.subject,
        before=change.before,
        after=change.after,
    )
    binding = [table["binding"][signal] for signal in change.signals if signal in table["binding"]]
    return told + (table["binds"].format(table["also"].join(binding)) if binding else "")


def notes(
    level: Level, reasons: Sequence[Reason], old: Document, new: Document, *, silent: bool, language: str
) -> tuple[str, ...]:
    """What is worth saying besides: about the policy's own dates."""
    table = _table(language)["notes"]
    said = []
    if level == "material" and silent:
        said.append(table["silent"])
    if level == "minor" and all(r.change.kind == "date" for r in reasons if r.severity != "cosmetic"):
        said.append(table["date_only"])
    known = {d.value for d in old.dates if d.role == "effective"}
    said += [
        table["effective"].format(d.value.isoformat())
        for d in new.dates
        if d.role == "effective" and d.value and d.value not in known
    ]
    return tuple(dict.fromkeys(said))
