"""`watcher run`: ticks over due sources and due messages until it is told to stop. The only importer of APScheduler."""

from watcher.lean import without

with without("rich", "greenlet"):  # structlog would draw tracebacks for terminals, and log for green threads
    import structlog

__all__ = ["structlog"]
