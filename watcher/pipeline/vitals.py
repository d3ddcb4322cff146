"""The watch watched: a heartbeat for a service that notices silence, and figures for Prometheus."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from watcher.store import Store, alerts, sources

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

TIMEOUT = 10.0  #: seconds for one heartbeat
DEAF = timedelta(hours=1)  #: after which a channel that refuses for now makes a round a failure

log = logging.getLogger(__name__)


def health(store: Store, now: datetime) -> Literal["success", "fail"]:
    """How a round went: it failed if not one enabled source could be seen at its last check, or a channel is deaf."""
    count = sources.census(store)
    if alerts.stopped(store) or any(now - since > DEAF for since, _ in alerts.refusing(store).values()):
        return "fail"
    return "success" if count.seen or not count.enabled else "fail"


async def beat(url: str, what: Literal["start", "success", "fail"]) -> None:
    """Ping a heartbeat address, healthchecks.io style: its own for success, /start and /fail below it.

    It must never disturb the watch: what goes wrong is logged, without the address, which is a secret.
    """
    import httpx

    address = httpx.URL(url)
    if what != "success":
        address = address.copy_with(path=f"{address.path.rstrip('/')}/{what}")
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT) as client:
            answer = await client.get(address)
        if not answer.is_success:
            log.warning("the heartbeat (%s) was answered with HTTP %s", what, answer.status_code)
    except (httpx.HTTPError, OSError) as error:
        log.warning("the heartbeat (%s) could not be sent: %s", what, type(error).__name__)


def write_metrics(store: Store, path: Path) -> None:
    """Write the figures where node_exporter's textfile collector reads them: all at once, never half a file."""
    from prometheus_client import write_to_textfile

    try:
        write_to_textfile(str(path), figures(store))
    except OSError as error:
        log.warning("%s: the metrics cannot be written: %s", path, error)


def figures(store: Store) -> CollectorRegistry:
    """How things stand, as Prometheus names it. Counters are read from the database: a restart resets none."""
    from prometheus_client import CollectorRegistry, Counter, Gauge

    registry = CollectorRegistry()
    count = sources.census(store)
    standing = Gauge("watcher_sources", "Sources by where they stand.", ["state"], registry=registry)
    for state in ("enabled", "seen", "failing", "flapping", "stale", "candidates"):
        standing.labels(state.removesuffix("s")).set(getattr(count, state))
    verified = Gauge(
        "watcher_source_verified_timestamp_seconds", "Last time the policy was verified.", ["source"], registry=registry
    )
    failures = Gauge("watcher_source_failures", "Checks in a row that failed.", ["source"], registry=registry)
    for source in sources.states(store):
        if source.enabled:
            verified.labels(source.id).set(source.verified_at.timestamp() if source.verified_at else 0.0)
            failures.labels(source.id).set(source.failures)
    checks = Counter("watcher_checks", "Checks by what they came to.", ["outcome"], registry=registry)
    for outcome, times in sources.tally(store).items():
        checks.labels(outcome).inc(times)
    deliveries = Gauge("watcher_deliveries", "Messages by channel and state.", ["channel", "state"], registry=registry)
    for (channel, outcome), times in alerts.tally(store).items():
        deliveries.labels(channel, outcome).set(times)
    stopped = Gauge("watcher_channel_stopped", "1 for a channel that refused for good.", ["channel"], registry=registry)
    for channel in alerts.stopped(store):
        stopped.labels(channel).set(1)
    refusing = Gauge(
        "watcher_channel_refusing_since_timestamp_seconds", "First refusal of a channel that refuses for now.",
        ["channel"], registry=registry,
    )  # fmt: skip
    for channel, (since, _) in alerts.refusing(store).items():
        refusing.labels(channel).set(since.timestamp())
    oldest = Gauge(
        "watcher_delivery_oldest_timestamp_seconds", "When the message that waits longest was due.", ["channel"],
        registry=registry,
    )  # fmt: skip
    for channel, due in alerts.oldest(store).items():
        oldest.labels(channel).set(due.timestamp())
    return registry
