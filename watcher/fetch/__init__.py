"""From an address to a Capture: what was served, by whom, when, after which redirects. Nothing here reads the page."""

from watcher.fetch.http import Fetcher, StatusError, user_agent

__all__ = ["Fetcher", "StatusError", "user_agent"]
