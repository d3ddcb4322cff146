"""One check of one source: fetch, recognise, or let what came be understood."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from watcher.confirm import settle
from watcher.errors import FetchError, ReadError
from watcher.fetch import StatusError
from watcher.pipeline import record
from watcher.pipeline.watch import Finding, Known, Page, Reading, Watch, recall, seen_before, wording_of
from watcher.records import Capture, CheckResult, NotModified, Source, Validators

#: Statuses behind which a bot check may hide that a browser passes; any other says what it means.
CHECKS: frozenset[int] = frozenset({401, 403, 429, 503})


async def check(watch: Watch, source: Source) -> CheckResult:
    """Fetch each page and understand what came.

    What goes wrong with a page is a result; StoreError and bugs are raised.
    """
    at, known = watch.clock(), recall(watch, source)
    try:
        answers = await fetch_pages(watch, source, known)
        pages = all_seen_before(source, known, answers)
        if any(page.rejection for page in pages):
            return record.rejected(watch, source, known, at, pages)
        finding = recognised(watch, source, known, at, pages)
        if finding is not None:
            return record.found(watch, source, known, at, finding)
        return await understood(watch, source, known, at, answers)
    except (FetchError, ReadError) as error:
        evidence = error.capture if isinstance(error, StatusError) else None
        return record.failed(watch, source, known, at, error, evidence)


async def fetch_pages(watch: Watch, source: Source, known: Known) -> list[Capture | NotModified]:
    """The answer of each address, in reading order: conditional where its last verified answer allows that."""
    answers: list[Capture | NotModified] = []
    for url in source.urls:
        page = known.pages.get(url)
        if source.render == "always":
            answers.append(await rendered(watch, source, url))
            continue
        last = known.refused.get(url) or page
        validators = last.validators if last else Validators()
        try:
            answer = await watch.fetcher.fetch(url, validators, robots=source.robots, language=source.language or "")
        except StatusError as error:
            answer = await past_a_check(watch, source, url, error)
        if isinstance(answer, NotModified) and last is None:
            message = f"{source.id}: {url} answered 304 (not modified), though nothing of it is known yet"
            raise FetchError(message, transient=True, reason="status")
        answers.append(answer)
    return answers


def all_seen_before(source: Source, known: Known, answers: list[Capture | NotModified]) -> list[Page]:
    """Every page as it was recognised; none of them where one must be read."""
    pages = [seen_before(known, index, *pair) for index, pair in enumerate(zip(source.urls, answers, strict=True))]
    seen = [page for page in pages if page is not None]
    return seen if len(seen) == len(pages) else []


def recognised(watch: Watch, source: Source, known: Known, at: datetime, seen: list[Page]) -> Finding | None:
    """The version in force, where every answer is the one that it was last verified by; None: they must be read."""
    if known.version is None or not seen:
        return None
    name = wording_of([page.wording for page in seen])
    if name != known.version.wording or source.urls != tuple(page.url for page in known.version.pages):
        return None
    step, steadiness = settle(known.state.steadiness, name, name, at, watch.settings)
    return Finding(step=step, pages=tuple(seen), wording=name, steadiness=steadiness)


async def understood(
    watch: Watch, source: Source, known: Known, at: datetime, answers: list[Capture | NotModified]
) -> CheckResult:
    """What the answers come to; where a browser may show more of a page, what it shows."""
    result: CheckResult | tuple[int, ...] = await ask(watch, "understand", source, known, at, answers)
    if isinstance(result, CheckResult):
        return result
    answers, unseen = list(answers), {}
    for index in result:
        try:
            answers[index] = await rendered(watch, source, source.urls[index])
        except FetchError as error:
            unseen[index] = str(error)
    told: CheckResult = await ask(watch, "understand", source, known, at, answers, unseen)
    return told


async def ask(watch: Watch, what: Reading, *about: object) -> Any:
    """What `understand` says: of another process if one reads for this watch, else here, while everything waits."""
    if watch.reader is not None:
        return await watch.reader(what, *about)
    from watcher.pipeline import understand  # a process that does not read is half as large without it

    return getattr(understand, what)(watch, *about)


async def past_a_check(watch: Watch, source: Source, url: str, error: StatusError) -> Capture:
    """What a browser is shown where an error page is a bot check (they answer 403 or 503); else the error stands."""
    if source.render == "never" or watch.browser is None or error.capture.status not in CHECKS:
        raise error
    if not await ask(watch, "may_pass", error.capture):
        raise error
    try:
        return await rendered(watch, source, url)
    except FetchError as unseen:
        raise FetchError(f"{error} A browser may get past it, but: {unseen}", transient=True, reason="status") from None


async def rendered(watch: Watch, source: Source, url: str) -> Capture:
    """A page as a browser shows it."""
    if watch.browser is None:
        message = f"{source.id}: {url} is to be read by a browser, and none was found. Install the extra `browser`"
        raise FetchError(message, transient=False, reason="browser")
    return await watch.browser.render(url, robots=source.robots, language=source.language or "")
