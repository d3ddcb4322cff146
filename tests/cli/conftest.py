"""A vendor whose policy changes, watched by way of a configuration as people write it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pipeline.pages import policy
from tests.server import Answer, Site

CONFIG = """
[watch]
database = "watcher.db"
confirm_after = "0s"
[fetch]
private_addresses = true
delay = "0s"
retries = 0
[[channel]]
id = "desk"
url = "{hook}"
format = "json"
[[source]]
id = "northwind"
vendor = "Northwind"
url = "{page}"
[[source]]
id = "paused"
vendor = "Contoso"
url = "{page}"
enabled = false
"""
Change = Callable[[str], None]


@pytest.fixture
def change(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Change:
    """Replaces "6 months" in the policy that WATCHER_CONFIG's one source watches; it is served already."""
    site.route("/hook", Answer("ok"))
    page = site.page("/privacy", policy())
    (tmp_path / "sources.toml").write_text(
        CONFIG.format(page=page, hook=site.url.replace("http", "json") + "/hook"), encoding="utf8"
    )
    monkeypatch.setenv("WATCHER_CONFIG", str(tmp_path / "sources.toml"))
    return lambda months: site.page("/privacy", policy(replace=("6 months", months))) and None
