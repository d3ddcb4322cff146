"""What a check came to, written down as one step: captures, version, verdict, alert and outbox, or none of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from watcher.errors import FetchError, ReadError
from watcher.pipeline import tell, trouble
from watcher.pipeline.watch import Desk, Finding, Known, Page, judged_by, recall
from watcher.records import (
    Capture,
    CheckResult,
    PageState,
    Refusal,
    Rejection,
    Source,
    SourceState,
    Validators,
    VersionPage,
)
from watcher.schedule import next_check
from watcher.store import captures, sources, versions


class _OvertakenError(Exception):
    """Another process recorded a check of the same source while this one was under way."""


def failed(
    watch: Desk,
    source: Source,
    known: Known,
    at: datetime,
    error: FetchError | ReadError,
    evidence: Capture | None = None,
) -> CheckResult:
    """A page could not be fetched, or not be read. `evidence`: the error page that came with an error status."""
    due = next_check(source, at)
    if isinstance(error, FetchError) and error.retry_after is not None:
        due = max(due, at + timedelta(seconds=error.retry_after))
    result = CheckResult(source=source.id, outcome="failed", reason=str(error))
    return _trouble(watch, source, known, at, due, result, _evidence(source, error, evidence))


def broken(watch: Desk, source: Source, error: Exception) -> CheckResult:
    """The check itself broke: a fault of ours. It counts as failed, so that it is seen and not tried without end."""
    at = watch.clock()
    reason = f"watcher made a mistake: {type(error).__name__}: {error}. Please report it with the log of this check"
    result = CheckResult(source=source.id, outcome="failed", reason=reason)
    return _trouble(watch, source, recall(watch, source), at, next_check(source, at), result)


def rejected(watch: Desk, source: Source, known: Known, at: datetime, pages: list[Page]) -> CheckResult:
    """A page proved not to be the policy: it is kept, with the reason."""
    page = next(page for page in pages if page.rejection)
    assert page.rejection is not None
    where = f"{page.url}: " if len(pages) > 1 else ""
    result = CheckResult(
        source=source.id, outcome="rejected", rejection=page.rejection, reason=where + page.rejection.sentence
    )
    return _trouble(watch, source, known, at, next_check(source, at), result, pages)


def found(watch: Desk, source: Source, known: Known, at: datetime, finding: Finding) -> CheckResult:
    """Every page was accepted."""
    try:
        with _step(watch, known) as state:
            return _found(watch, source, replace(known, state=state), at, finding)
    except _OvertakenError:
        return _overtaken(source)


def _found(watch: Desk, source: Source, known: Known, at: datetime, finding: Finding) -> CheckResult:
    due = next_check(source, at)
    if finding.step == "verified":
        _keep_verified(watch, source, known, at, finding)
        result = CheckResult(source=source.id, outcome="unchanged")
    elif finding.step == "candidate":
        _keep_candidate(watch, source, finding)
        due = min(due, (finding.steadiness.since or at) + timedelta(seconds=watch.settings.confirm_after))
        result = CheckResult(source=source.id, outcome="candidate")
    elif finding.step == "flapping":
        result = CheckResult(source=source.id, outcome="flapping")
    else:
        result, version = _keep_version(watch, source, known, at, finding)
        known = replace(known, state=replace(known.state, version=version))
    sources.finish(
        watch.store,
        known.state,
        at,
        result.outcome,
        due,
        verified=finding.step not in ("candidate", "flapping"),
        version=known.state.version,
        steadiness=finding.steadiness,
    )
    return replace(result, problem=_all_well(watch, source, known.state, at, finding))


def _keep_verified(watch: Desk, source: Source, known: Known, at: datetime, finding: Finding) -> None:
    """The text in force was seen: remember the newest bytes and validators that carry it."""
    assert known.version is not None
    for page, stored in zip(finding.pages, known.version.pages, strict=True):
        if page.capture is None:
            continue
        before = page.known.capture if page.known else stored.capture
        captures.seen_again(watch.store, before, page.capture.fetched_at)
        state = _page_state(page, before, page.known.document if page.known else stored.document)
        if state != known.pages.get(page.url):
            sources.keep_page(watch.store, source.id, state, at, page.skeleton)


def _keep_candidate(watch: Desk, source: Source, finding: Finding) -> None:
    """Another text: its bytes are kept from the first sight of it on."""
    for page in finding.pages:
        if page.capture is not None and page.known is None:
            captures.add(watch.store, source.id, page.index, page.capture, "candidate")


def _keep_version(watch: Desk, source: Source, known: Known, at: datetime, finding: Finding) -> tuple[CheckResult, int]:
    """A text that is in force from now on; for a change, its verdict and the alert. The result and the version's id."""
    cause: Literal["first", "change", "reread"] = "first"
    if finding.step == "regrouped":
        cause = "reread"
    elif finding.step == "changed":
        cause = "change"
    since = known.state.steadiness.since if known.state.steadiness.candidate == finding.wording else None
    version = versions.add(
        watch.store,
        source.id,
        [_keep_page(watch, source, page, at) for page in finding.pages],
        cause=cause,
        extractor=finding.extractor,
        wording=finding.wording,
        first_seen=since or at,
        confirmed_at=at if since else None,
        now=at,
    )
    versions.keep_facts(watch.store, version, finding.read, finding.own, finding.facts_by)
    if finding.verdict is None or known.version is None:
        return CheckResult(source=source.id, outcome="first" if cause == "first" else "unchanged"), version
    verdict = versions.keep_verdict(watch.store, source.id, known.version.id, version, finding.verdict, at)
    alert = tell.change(watch, source, finding.verdict, verdict, at)
    return CheckResult(source=source.id, outcome="changed", verdict=finding.verdict, alert=alert), version


def _keep_page(watch: Desk, source: Source, page: Page, at: datetime) -> VersionPage:
    """One page of a new version: its capture and document, kept or known."""
    if page.document is not None and page.capture is not None:
        capture = captures.add(watch.store, source.id, page.index, page.capture, "accepted")
        document = versions.keep_document(watch.store, page.document, page.wording)
        sources.keep_page(watch.store, source.id, _page_state(page, capture, document), at, page.skeleton or b"")
    else:
        assert page.known is not None
        capture, document = page.known.capture, page.known.document
    return VersionPage(page=page.index, url=page.url, document=document, capture=capture)


def _page_state(page: Page, capture: int, document: int) -> PageState:
    assert page.capture is not None
    return PageState(
        url=page.url,
        validators=_validators(page.capture),
        sha256=page.capture.sha256,
        capture=capture,
        document=document,
        wording=page.wording,
    )


def _validators(capture: Capture) -> Validators:
    """By which the server will know this page again."""
    return Validators(etag=capture.header("etag"), last_modified=capture.header("last-modified"), url=capture.final_url)


def _keep_refused(watch: Desk, source: Source, known: Known, at: datetime, page: Page) -> None:
    """A page that is not the policy: its bytes, and by what it is known if it is served again.

    What a browser may make more of is read each time: the same bytes need not come to the same there.
    """
    assert page.rejection is not None
    if page.capture is None:
        assert page.refused is not None
        captures.seen_again(watch.store, page.refused.capture, at)
        return
    capture = captures.add(watch.store, source.id, page.index, page.capture, "rejected", page.rejection)
    if page.refused is not None or page.rejection.rule == "status" or page.rejection.browser_may_help:
        return
    refusal = Refusal(
        url=page.url,
        validators=_validators(page.capture),
        sha256=page.capture.sha256,
        capture=capture,
        judged_by=judged_by(source, known.state.version),
        rejection=page.rejection,
    )
    sources.keep_refusal(watch.store, source.id, refusal)


def _evidence(source: Source, error: Exception, capture: Capture | None) -> list[Page]:
    """An error page as a page of the source that was rejected."""
    if capture is None:
        return []
    index = source.urls.index(capture.url) if capture.url in source.urls else 0
    rejection = Rejection(rule="status", sentence=str(error))
    return [Page(index=index, url=capture.url, capture=capture, rejection=rejection, wording="")]


# --- trouble ---------------------------------------------------------------------------------------------------------


def _trouble(
    watch: Desk,
    source: Source,
    known: Known,
    at: datetime,
    due: datetime,
    result: CheckResult,
    pages: list[Page] | None = None,
) -> CheckResult:
    """A check that failed or was rejected: one more of its streak; people are told once the streak is long enough."""
    try:
        with _step(watch, known) as state:
            for page in pages or ():
                if page.rejection:
                    _keep_refused(watch, source, known, at, page)
            sources.finish(watch.store, state, at, result.outcome, due, reason=result.reason)
            since, settings = state.failing_since or at, watch.settings
            if state.failures + 1 < settings.problem_after or at - since < timedelta(seconds=settings.problem_for):
                return result
            return replace(result, problem=trouble.begin(watch, source, "failing", result.reason, since, at))
    except _OvertakenError:
        return _overtaken(source)


def _all_well(watch: Desk, source: Source, before: SourceState, at: datetime, finding: Finding) -> int | None:
    """Open or close the problems that an accepted check proves or disproves; the id of one that it touched."""
    over: dict[trouble.Trouble, bool] = {
        "failing": bool(before.failures),
        "stale": finding.step not in ("candidate", "flapping"),
        "flapping": before.steadiness.flapping and not finding.steadiness.flapping,
    }
    touched = [trouble.end(watch, source, kind, at) for kind, is_over in over.items() if is_over]
    if finding.steadiness.flapping and not before.steadiness.flapping:
        touched.append(trouble.begin(watch, source, "flapping", "", at, at))
    return next((id for id in reversed(touched) if id is not None), None)


@contextmanager
def _step(watch: Desk, known: Known) -> Iterator[SourceState]:
    """A transaction over the state that the check began with. Raises _OvertakenError if it is no longer the same."""
    with watch.store.atomic():
        state = sources.state(watch.store, known.state.id)
        if state is None or (state.last_checked_at, state.version) != (
            known.state.last_checked_at,
            known.state.version,
        ):
            raise _OvertakenError
        yield state


def _overtaken(source: Source) -> CheckResult:
    reason = "another process checked this source at the same time"
    return CheckResult(source=source.id, outcome="skipped", reason=reason)
