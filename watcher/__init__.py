"""Watches vendors' privacy policies and tells people when something material changed."""

__version__ = "0.1.0"
