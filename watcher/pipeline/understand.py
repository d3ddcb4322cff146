"""What was fetched, understood: read, gated, settled, weighed and recorded. Needs no network, and all of the heart.

The daemon does this in a process of its own (see `reader`), everything else where it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from watcher.confirm import settle
from watcher.extract.parsed import Parsed
from watcher.extract.skeleton import recognises, skeleton
from watcher.pipeline import record
from watcher.pipeline.pure import Read, read_facts, read_page, reading_of, weigh, wording
from watcher.pipeline.reread import facts_by, reader_of, reread
from watcher.pipeline.watch import (
    Desk,
    Finding,
    InForce,
    Kept,
    Known,
    Page,
    merged,
    recall,
    seen_before,
    wording_of,
)
from watcher.records import Capture, CheckResult, Document, NotModified, Source, Steadiness
from watcher.store import sources, versions
from watcher.store.recent import shared


def understand(
    desk: Desk,
    source: Source,
    known: Known,
    at: datetime,
    answers: Sequence[Capture | NotModified],
    unseen: Mapping[int, str] | None = None,
) -> CheckResult | tuple[int, ...]:
    """Read what was fetched, settle what it means, weigh a change, and record all of it as one step.

    Or nothing yet, but which of the pages a browser may show better. `unseen`: this was asked for; the pages for which
    no browser could be had, and why.
    """
    pages = read_pages(desk, source, known, answers)
    if unseen is None and (shells := tuple(page.index for page in pages if may_be_shown(source, page))):
        return shells
    if any(page.rejection for page in pages):
        return record.rejected(desk, source, known, at, [explained(page, unseen or {}) for page in pages])
    known = up_to_date(desk, source, known, pages)
    finding = meaning(desk, source, known, pages, at)
    return record.found(desk, source, known, at, weighed(desk, source, known, finding))


def may_pass(_: Desk, capture: Capture) -> bool:
    """Whether an error page is a bot check that a browser may pass. Its words are judged, not its status."""
    rejection = read_page(replace(capture, status=200), None)[1]
    return rejection is not None and rejection.browser_may_help


def read_pages(desk: Desk, source: Source, known: Known, answers: Sequence[Capture | NotModified]) -> list[Page]:
    """Each page recognised by 304, bytes or skeleton, else extracted and gated."""
    pages = []
    for index, (url, answer) in enumerate(zip(source.urls, answers, strict=True)):
        page = seen_before(known, index, url, answer)
        if page is None:
            assert isinstance(answer, Capture)
            parsed = Parsed(answer.body, answer.header("content-type"))
            page = looks_the_same(desk, source, known, index, answer, parsed)
            page = page or read(desk, source, known, index, answer, parsed)
        pages.append(page)
    return pages


def looks_the_same(
    desk: Desk, source: Source, known: Known, index: int, capture: Capture, parsed: Parsed
) -> Page | None:
    """A page with other bytes that surely shows the policy that was last read from it."""
    url = source.urls[index]
    state = known.pages.get(url)
    if state is None:
        return None
    marks = sources.skeleton(desk.store, source.id, url)
    if not recognises(marks, parsed):
        return None
    return Page(index=index, url=url, capture=capture, known=state, wording=state.wording)


def read(desk: Desk, source: Source, known: Known, index: int, capture: Capture, parsed: Parsed) -> Page:
    """One page extracted and gated."""
    url = source.urls[index]
    state = known.pages.get(url)
    before = None if state is None else kept(desk, state.document, index)
    held_against = before.document if before else None
    document, rejection = read_page(
        capture, held_against, select=source.select, remove=source.remove, page=index, parsed=parsed
    )
    page = Page(index=index, url=url, capture=capture, before=before, rejection=rejection, wording="")
    if document is None:
        return page
    marks = skeleton(parsed, document)
    return replace(page, document=shared(document), skeleton=marks, wording=wording(document))


def may_be_shown(source: Source, page: Page) -> bool:
    """Whether a page is to be read once more as a browser shows it."""
    if page.rejection is None or page.capture is None or source.render != "auto":
        return False
    return page.rejection.browser_may_help and not page.capture.rendered


def explained(page: Page, unseen: Mapping[int, str]) -> Page:
    """A rejected page, with the reason why no browser could help."""
    if page.rejection is None or page.index not in unseen:
        return page
    sentence = f"{page.rejection.sentence} A browser may help, but: {unseen[page.index]}"
    return replace(page, rejection=replace(page.rejection, sentence=sentence))


def up_to_date(desk: Desk, source: Source, known: Known, pages: list[Page]) -> Known:
    """The version in force as today's extractor reads it, so that a change of ours never looks like one of theirs."""
    old = known.version
    if old is None or old.extractor == reader_of(source) or all(page.known for page in pages):
        return known
    reread(desk, source)
    return recall(desk, source)


def meaning(desk: Desk, source: Source, known: Known, pages: list[Page], at: datetime) -> Finding:
    """What the pages together mean: the first text, the one in force, a candidate, a change."""
    name, old = wording_of([page.wording for page in pages]), known.version
    finding = Finding(step="first", pages=tuple(pages), wording=name, steadiness=known.state.steadiness)
    if old is None:
        return replace(finding, steadiness=Steadiness(last=name, run=1, recent=(name,)))
    if tuple(page.url for page in old.pages) != source.urls:
        return replace(finding, step="regrouped", steadiness=Steadiness(last=name, run=1, recent=(name,)))
    told = name != old.wording and versions.told(desk.store, source.id, name)
    step, steadiness = settle(known.state.steadiness, name, old.wording, at, desk.settings, told)
    return replace(finding, step=step, steadiness=steadiness)


def weighed(desk: Desk, source: Source, known: Known, finding: Finding) -> Finding:
    """The finding with its facts, if it makes a version; and with its verdict, if that differs from one in force."""
    if finding.step not in ("first", "regrouped", "changed"):
        return finding
    document = merged([text_of(desk, page) for page in finding.pages])
    old = None
    if finding.step == "changed" and known.version is not None:
        old = in_force(desk, known.version, finding)
    by = facts_by(desk.teaching)
    read = stated(desk, document, by)
    after = reading_of(document, read)
    verdict = None
    if old is not None:
        before = reading_of(old, stated(desk, old, by))
        verdict = weigh(before, after, source=source.id, teaching=desk.teaching, language=desk.language)
    return replace(
        finding, read=tuple(read), own=after.facts.own, verdict=verdict, extractor=reader_of(source), facts_by=by
    )


def stated(desk: Desk, document: Document, by: str) -> Read:
    """What each clause states: as the reader of facts `by` once read it, or now."""
    return read_facts(document, desk.teaching, versions.known_facts(desk.store, document.clauses, by))


def text_of(desk: Desk, page: Page) -> Document:
    """What a page says: as it was read now, or as it was recognised."""
    if page.document is not None:
        return page.document
    assert page.known is not None
    return kept(desk, page.known.document, page.index).document


def in_force(desk: Desk, version: InForce, finding: Finding) -> Document:
    """The text of the version in force; what was loaded for the gate is not loaded again."""
    loaded = {page.before.id: page.before for page in finding.pages if page.before}
    return merged([(loaded.get(p.document) or kept(desk, p.document, p.page)).document for p in version.pages])


def kept(desk: Desk, document: int, page: int) -> Kept:
    """A reading from the database. `page`: its place in the policy."""
    return Kept(document, versions.document(desk.store, document, page))
