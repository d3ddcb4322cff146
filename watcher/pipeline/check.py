"""One check of one source: fetch, read, settle, weigh, record."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import chain

from watcher.confirm import settle
from watcher.errors import FetchError
from watcher.extract.skeleton import recognises, skeleton
from watcher.fetch import StatusError
from watcher.pipeline import record
from watcher.pipeline.pure import read_facts, read_page, reading_of, weigh, wording
from watcher.pipeline.reread import reread
from watcher.pipeline.watch import (
    Finding,
    InForce,
    Kept,
    Known,
    Page,
    Watch,
    facts_by,
    merged,
    reader_of,
    recall,
    wording_of,
)
from watcher.records import Capture, CheckResult, Document, NotModified, Source, Steadiness, Validators
from watcher.store import sources, versions
from watcher.store.recent import shared

#: Statuses behind which a bot check may hide that a browser passes; any other says what it means.
CHECKS: frozenset[int] = frozenset({401, 403, 429, 503})


async def check(watch: Watch, source: Source) -> CheckResult:
    """Fetch each page and understand what came.

    What goes wrong on the vendor's side is a result; StoreError and bugs are raised.
    """
    at, known = watch.clock(), recall(watch, source)
    try:
        answers = await fetch_pages(watch, source, known)
        async with watch.desk:
            return await understand(watch, source, known, at, answers)
    except FetchError as error:
        return record.failed(watch, source, known, at, error)


async def understand(
    watch: Watch, source: Source, known: Known, at: datetime, answers: list[Capture | NotModified]
) -> CheckResult:
    """Read what was fetched, settle what it means, weigh a change, and record all of it as one step."""
    pages = await read_pages(watch, source, known, answers)
    if any(page.rejection for page in pages):
        return record.rejected(watch, source, known, at, pages)
    known = await up_to_date(watch, source, known, pages)
    finding = meaning(watch, source, known, pages, at)
    return record.found(watch, source, known, at, await weighed(watch, source, known, finding))


async def fetch_pages(watch: Watch, source: Source, known: Known) -> list[Capture | NotModified]:
    """The answer of each address, in reading order: conditional where its last verified answer allows that."""
    answers: list[Capture | NotModified] = []
    for url in source.urls:
        page = known.pages.get(url)
        if source.render == "always":
            answers.append(await rendered(watch, source, url))
            continue
        validators = page.validators if page else Validators()
        try:
            answer = await watch.fetcher.fetch(url, validators, robots=source.robots, language=source.language or "")
        except StatusError as error:
            answer = await past_a_check(watch, source, url, error)
        if isinstance(answer, NotModified) and page is None:
            message = f"{source.id}: {url} answered 304 (not modified), though nothing of it is known yet"
            raise FetchError(message, transient=True, reason="status")
        answers.append(answer)
    return answers


async def read_pages(watch: Watch, source: Source, known: Known, answers: list[Capture | NotModified]) -> list[Page]:
    """Each page recognised by 304, bytes or skeleton, else extracted and gated; by a browser where that may help."""
    pages = []
    for index, (url, answer) in enumerate(zip(source.urls, answers, strict=True)):
        state = known.pages.get(url)
        if state is not None and (isinstance(answer, NotModified) or answer.sha256 == state.sha256):
            capture = None if isinstance(answer, NotModified) else answer
            pages.append(Page(index=index, url=url, capture=capture, known=state, wording=state.wording))
            continue
        assert isinstance(answer, Capture)
        if state is not None and await looks_the_same(watch, source, url, answer):
            pages.append(Page(index=index, url=url, capture=answer, known=state, wording=state.wording))
            continue
        before = None if state is None else kept(watch, state.document, index)
        page = await read_apart(watch, source, index, answer, before)
        if page.rejection and page.rejection.browser_may_help and source.render == "auto" and not answer.rendered:
            page = await read_rendered(watch, source, page, before)
        pages.append(page)
    return pages


async def read_apart(watch: Watch, source: Source, index: int, capture: Capture, before: Kept | None) -> Page:
    """One page extracted and gated, off the event loop."""

    def work() -> Page:
        held_against = before.document if before else None
        document, rejection = read_page(capture, held_against, select=source.select, remove=source.remove, page=index)
        url = source.urls[index]
        page = Page(index=index, url=url, capture=capture, before=before, rejection=rejection, wording="")
        if document is None:
            return page
        marks = skeleton(capture.body, capture.header("content-type"), document)
        return replace(page, document=shared(document), skeleton=marks, wording=wording(document))

    return await watch.apart(work)


async def looks_the_same(watch: Watch, source: Source, url: str, capture: Capture) -> bool:
    """Whether a page with other bytes surely shows the policy that was last read from it."""
    known = sources.skeleton(watch.store, source.id, url)
    return await watch.apart(lambda: recognises(known, capture.body, capture.header("content-type")))


async def past_a_check(watch: Watch, source: Source, url: str, error: StatusError) -> Capture:
    """What a browser is shown where an error page is a bot check (they answer 403 or 503); else the error stands."""
    if source.render == "never" or watch.browser is None or error.capture.status not in CHECKS:
        raise error
    # Its words are judged, not its status, which is known to be an error's.
    _, rejection = await watch.apart(lambda: read_page(replace(error.capture, status=200), None))
    if rejection is None or not rejection.browser_may_help:
        raise error
    try:
        return await rendered(watch, source, url)
    except FetchError as unseen:
        raise FetchError(f"{error} A browser may get past it, but: {unseen}", transient=True, reason="status") from None


async def read_rendered(watch: Watch, source: Source, page: Page, before: Kept | None) -> Page:
    """The page as a browser shows it; as it was, saying why, where no browser can be had."""
    try:
        return await read_apart(watch, source, page.index, await rendered(watch, source, page.url), before)
    except FetchError as error:
        assert page.rejection is not None
        sentence = f"{page.rejection.sentence} A browser may help, but: {error}"
        return replace(page, rejection=replace(page.rejection, sentence=sentence))


async def rendered(watch: Watch, source: Source, url: str) -> Capture:
    """A page as a browser shows it."""
    if watch.browser is None:
        message = f"{source.id}: {url} is to be read by a browser, and none was found. Install the extra `browser`"
        raise FetchError(message, transient=False, reason="browser")
    return await watch.browser.render(url, robots=source.robots, language=source.language or "")


async def up_to_date(watch: Watch, source: Source, known: Known, pages: list[Page]) -> Known:
    """The version in force as today's extractor reads it, so that a change of ours never looks like one of theirs."""
    old = known.version
    if old is None or old.extractor == reader_of(source) or all(page.known for page in pages):
        return known
    await reread(watch, source)
    return recall(watch, source)


def meaning(watch: Watch, source: Source, known: Known, pages: list[Page], at: datetime) -> Finding:
    """What the pages together mean: the first text, the one in force, a candidate, a change."""
    name, old = wording_of([page.wording for page in pages]), known.version
    finding = Finding(step="first", pages=tuple(pages), wording=name, steadiness=known.state.steadiness)
    if old is None:
        return replace(finding, steadiness=Steadiness(last=name, run=1, recent=(name,)))
    if tuple(page.url for page in old.pages) != source.urls:
        return replace(finding, step="regrouped", steadiness=Steadiness(last=name, run=1, recent=(name,)))
    told = name != old.wording and versions.told(watch.store, source.id, name)
    step, steadiness = settle(known.state.steadiness, name, old.wording, at, watch.settings, told)
    return replace(finding, step=step, steadiness=steadiness)


async def weighed(watch: Watch, source: Source, known: Known, finding: Finding) -> Finding:
    """The finding with its facts, if it makes a version; and with its verdict, if that differs from one in force."""
    if finding.step not in ("first", "regrouped", "changed"):
        return finding
    document = merged([text_of(watch, page) for page in finding.pages])
    old = None
    if finding.step == "changed" and known.version is not None:
        old = in_force(watch, known.version, finding)
    clauses = chain(document.clauses, old.clauses if old else ())
    facts = versions.known_facts(watch.store, clauses, facts_by(watch.teaching))

    def work() -> Finding:
        read = read_facts(document, watch.teaching, facts.get)
        after, own = reading_of(document, read)
        verdict = None
        if old is not None:
            before, _ = reading_of(old, read_facts(old, watch.teaching, facts.get))
            verdict = weigh(before, after, source=source.id, teaching=watch.teaching, language=watch.language)
        return replace(finding, read=tuple(read), own=own, verdict=verdict)

    return await watch.apart(work)


def text_of(watch: Watch, page: Page) -> Document:
    """What a page says: as it was read now, or as it was recognised."""
    if page.document is not None:
        return page.document
    assert page.known is not None
    return kept(watch, page.known.document, page.index).document


def in_force(watch: Watch, version: InForce, finding: Finding) -> Document:
    """The text of the version in force; what was loaded for the gate is not loaded again."""
    loaded = {page.before.id: page.before for page in finding.pages if page.before}
    return merged([(loaded.get(p.document) or kept(watch, p.document, p.page)).document for p in version.pages])


def kept(watch: Watch, document: int, page: int) -> Kept:
    """A reading from the database. `page`: its place in the policy."""
    return Kept(document, versions.document(watch.store, document, page))
