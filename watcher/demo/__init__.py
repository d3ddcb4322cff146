"""Two made-up vendors whose policies change while you watch: `watcher demo` runs the real daemon against them."""
