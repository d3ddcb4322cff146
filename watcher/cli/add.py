"""watcher add URL: try an address, show what would be watched, and write it to sources.toml."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from watcher.cli.look import Look, is_address, look_at, settings
from watcher.cli.options import config_option, format_option
from watcher.cli.output import print_json
from watcher.errors import ConfigError, ExtractError

if TYPE_CHECKING:
    from watcher.config import Config
    from watcher.records import Document, Link

#: Parts of a host that say nothing about whose it is.
_PLAIN = {"www", "legal", "privacy", "policies", "policy", "m", "en", "help", "support", "docs"}
_SECOND_LEVEL = {"co", "com", "org", "net", "gov", "edu", "ac"}
_COMPANIONS = 12  #: proposed at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What would be written to the file."""

    id: str
    vendor: str
    url: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """A document that the policy links to and that belongs to it."""

    sort: str  #: subprocessors, cookies, sdk, regional, retention
    text: str  #: the words of the link
    url: str


@click.command()
@click.argument("url", metavar="URL")
@click.option("--id", "name", help="The source's id; proposed from the address if not given.")
@click.option("--vendor", help="The name people read in an alert; proposed from the page if not given.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.option("--force", is_flag=True, help="Write it even if the page does not look like a policy.")
@config_option
@format_option
@click.pass_context
def command(
    ctx: click.Context,
    url: str,
    name: str | None,
    vendor: str | None,
    dry_run: bool,
    force: bool,
    config: str | None,
    form: str,
) -> None:
    """Fetch URL twice, show what would be watched, and append it to sources.toml with the documents it links to.

    The rest of the file stays as it is, byte for byte. A file that does not exist is begun. Exit code 3: the page
    cannot be fetched or does not look like a policy, and nothing was written.

    Example: watcher add https://example.com/privacy --vendor Example
    """
    if not is_address(url):
        raise click.UsageError(f"{url}: write the whole address, as in https://example.com/privacy")
    file = Path(config or os.environ.get("WATCHER_CONFIG") or "sources.toml")
    known = _known(file)
    first, second = _two_looks(url, config if file.exists() else None)
    document = first.document
    if document is None:
        raise ExtractError(first.rejection.sentence if first.rejection else f"{url} holds no text")
    proposal = _proposal(url, document, name, vendor, known)
    friends = companions(document, url, known)
    entry = _entry(proposal, document, friends)
    written = not dry_run and (first.rejection is None or force)
    if written:
        _append(file, entry)
    if form == "json":
        print_json(_json(proposal, first, second, friends, file if written else None))
    else:
        _print(proposal, first, second, friends)
        click.echo(f"\nadded to {file}:" if written else "\nnot written; it would be:")
        click.echo("\n" + entry)
    ctx.exit(0 if first.rejection is None or force else 3)


def _known(file: Path) -> Config | None:
    """The configuration, None where there is no file yet. ConfigError for one that has problems."""
    from watcher.config import load

    return load(file) if file.exists() else None


def _two_looks(url: str, config: str | None) -> tuple[Look, Look]:
    """The page twice: what differs between the two would differ at every check."""
    import asyncio

    from watcher.fetch import Fetcher

    async def visits() -> tuple[Look, Look]:
        async with Fetcher(settings(config)) as fetcher:
            return await look_at(fetcher, url), await look_at(fetcher, url)

    return asyncio.run(visits())


# --- what to propose -------------------------------------------------------------------------------------------------


def _proposal(url: str, document: Document, name: str | None, vendor: str | None, known: Config | None) -> Proposal:
    """An entry with an id of its own. ConfigError where the address is watched already or the given id is taken."""
    taken = {source.id: source for source in known.sources} if known else {}
    for source in taken.values():
        if url in source.urls:
            raise ConfigError(f"{url} is watched already, by the source {source.id!r}")
    if name in taken:
        raise ConfigError(f"the id {name!r} is taken; give another with --id")
    vendor = vendor or _vendor(url, document)
    return Proposal(id=name or _free(_slug(_owner(url)) or "source", set(taken)), vendor=vendor, url=url)


def _owner(url: str) -> str:
    """The part of a host name that tells whose it is: "example" of www.example.co.uk."""
    labels = (urlsplit(url).hostname or "").split(".")
    if len(labels) < 2 or labels[-1].isdigit():
        return "-".join(labels)
    labels = labels[:-2] if len(labels) > 2 and labels[-2] in _SECOND_LEVEL else labels[:-1]
    return next((label for label in reversed(labels) if label not in _PLAIN), labels[-1])


def _vendor(url: str, document: Document) -> str:
    """The site's name as the page gives it, else the part of the title that names no document, else the host's."""
    from watcher.gate import sort_of

    for sign in document.signs:
        if sign.startswith("og:site_name: ") and len(sign) < 60:
            return sign.partition(": ")[2]
    parts = [part.strip() for part in re.split(r"\s+[|–—·•:-]\s+|\s*[|_]\s*", document.title)]
    named = [part for part in parts if part and len(part) <= 40 and not sort_of(part)]
    return named[-1] if named and len(parts) > 1 else _owner(url).replace("-", " ").title()


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40]


def _free(name: str, taken: set[str]) -> str:
    """`name`, numbered where it is taken."""
    return next(n for i in range(1, len(taken) + 2) if (n := name if i == 1 else f"{name}-{i}") not in taken)


def companions(document: Document, url: str, known: Config | None = None) -> tuple[Companion, ...]:
    """Documents that the policy links to and that belong to it, other than those that are watched already."""
    watched = {u.rstrip("/") for source in known.sources for u in source.urls} if known else set()
    seen = watched | {url.partition("#")[0].rstrip("/")}
    found: dict[str, Companion] = {}
    for link in document.links:
        address = link.url.partition("#")[0].rstrip("/")
        sort = _companion_sort(link)
        if sort and address.startswith(("http://", "https://")) and address not in seen:
            found.setdefault(address, Companion(sort=sort, text=link.text.strip(), url=address))
    return tuple(found.values())[:_COMPANIONS]


def _companion_sort(link: Link) -> str:
    """What sort of companion a link leads to, by its words, else by the last part of its address."""
    from watcher.lang import languages, vocabulary
    from watcher.lang.words import normal

    words = normal(link.text)
    last = urlsplit(link.url).path.rstrip("/").rpartition("/")[2].lower().replace("_", " ").replace("-", " ")
    for language in languages():
        for sort, phrases in vocabulary(language)["gate"]["companions"].items():
            if any(phrase in words or phrase.replace("-", " ") in last for phrase in phrases):
                return str(sort)
    return ""


# --- the file --------------------------------------------------------------------------------------------------------


def _entry(proposal: Proposal, document: Document, friends: tuple[Companion, ...]) -> str:
    """The lines to append: the source with what was found, then its companions, commented out."""
    dates = ", ".join(f"{d.role} {d.value or d.quote}" for d in document.dates[:2])
    lines = [
        f"# Added on {datetime.now(UTC):%Y-%m-%d}: {_one_line(document.title)} "
        f"({document.language}, {len(document.clauses)} clauses{', ' + dates if dates else ''})",
        *_table(proposal),
    ]
    taken = {proposal.id}
    if friends:
        lines += [
            "#",
            "# It links to these. Take the # away from what is to be watched on its own, or make one policy of",
        ]
        lines += ['# several pages: urls = ["...", "..."] instead of url.']
    for friend in friends:
        name = _free(f"{proposal.id}-{friend.sort}", taken)
        taken.add(name)
        companion = Proposal(id=name, vendor=proposal.vendor, url=friend.url)
        lines += ["#", f"# {_one_line(friend.text)}", *(f"# {line}" for line in _table(companion))]
    return "\n".join(lines) + "\n"


def _table(proposal: Proposal) -> list[str]:
    """A [[source]] as TOML."""
    import tomlkit

    table = tomlkit.document()
    table.update({"id": proposal.id, "vendor": proposal.vendor, "url": proposal.url})
    return ["[[source]]", *tomlkit.dumps(table).splitlines()]


def _one_line(text: str) -> str:
    return " ".join(text.split())[:100]


def _append(file: Path, entry: str) -> None:
    """Add the entry at the end of the file, at once or not at all; the result must be a configuration."""
    from watcher.config import load

    before = file.read_bytes() if file.exists() else b""
    gap = b"" if not before else b"\n" if before.endswith(b"\n") else b"\n\n"
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(before + gap + entry.encode())
        load(draft)
        draft.chmod(file.stat().st_mode if before else 0o644)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


# --- what is shown ---------------------------------------------------------------------------------------------------


def _unsteady(first: Look, second: Look) -> list[str]:
    """Clauses that only one of the two looks showed."""
    if first.document is None or second.document is None:
        return []
    one, other = ({c.hash: c.text for c in look.document.clauses} for look in (first, second) if look.document)
    return [one.get(h) or other[h] for h in one.keys() ^ other.keys()]


def _json(
    proposal: Proposal, first: Look, second: Look, friends: tuple[Companion, ...], file: Path | None
) -> dict[str, Any]:
    assert first.document is not None
    refused = first.rejection
    return {
        "id": proposal.id,
        "vendor": proposal.vendor,
        "url": proposal.url,
        "final_url": first.capture.final_url,
        "rendered": first.capture.rendered,
        "title": first.document.title,
        "language": first.document.language,
        "clauses": len(first.document.clauses),
        "dates": [{"role": d.role, "date": d.value, "quote": d.quote} for d in first.document.dates],
        "gate": {"rule": refused.rule, "sentence": refused.sentence} if refused else None,
        "unsteady": _unsteady(first, second),
        "companions": [{"sort": c.sort, "text": c.text, "url": c.url} for c in friends],
        "written": str(file) if file else None,
    }


def _print(proposal: Proposal, first: Look, second: Look, friends: tuple[Companion, ...]) -> None:
    """What would be watched, for people."""
    document, capture = first.document, first.capture
    assert document is not None
    moved = f", which answers as {capture.final_url}" if capture.final_url != proposal.url else ""
    click.echo(f"{proposal.url}{moved}")
    click.echo(f"title:     {document.title or '(none)'}")
    click.echo(f"language:  {document.language}")
    click.echo(f"clauses:   {len(document.clauses)}{', read with a browser' if capture.rendered else ''}")
    for date in document.dates:
        click.echo(f"{date.role + ':':10} {date.value or 'no day'} ({date.quote})")
    click.echo(f"gate:      {first.rejection.sentence if first.rejection else 'accepted'}")
    unsteady = _unsteady(first, second)
    if unsteady:
        click.echo(f"stability: {len(unsteady)} clauses differ between two fetches, such as {unsteady[0][:80]!r};")
        click.echo("           cut out what moves with `remove`, or choose the policy with `select`")
    else:
        click.echo("stability: two fetches gave the same clauses")
    for friend in friends:
        click.echo(f"links to:  {friend.sort}: {_one_line(friend.text)} <{friend.url}>")
