"""`watcher run`: ticks over due sources and due messages until it is told to stop. The only importer of APScheduler."""
