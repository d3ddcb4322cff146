"""From an address to a Capture: what was served, by whom, when, after which redirects. Nothing here reads the page."""

from watcher.fetch.http import Fetcher, user_agent
from watcher.fetch.trouble import StatusError

__all__ = ["Fetcher", "StatusError", "user_agent"]
