"""From an address to a Capture: what was served, by whom, when, after which redirects. Nothing here reads the page."""

from watcher.lean import without

with without("rich", "pygments"):  # httpx would load its own command line with them
    from watcher.fetch.http import Fetcher, user_agent
    from watcher.fetch.trouble import StatusError

__all__ = ["Fetcher", "StatusError", "user_agent"]
