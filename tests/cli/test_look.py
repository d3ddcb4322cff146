"""watcher analyze and watcher add: what a page holds, before anything is watched."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.gate.policy import POLICY, Section, html
from tests.server import Answer, Site
from watcher.cli import cli
from watcher.config import load

CONFIG = """# Ours.
[fetch]
private_addresses = true   # for tests
delay = "0s"
retries = 0

[[source]]
id = "acme"
vendor = "Acme"
url = "https://acme.example/privacy"

# the end
"""
LINKS: tuple[Section, ...] = (
    (
        "More",
        (
            'Read our <a href="/cookies">Cookie Policy</a> and the <a href="/legal/sub-processors">list</a>.',
            'Also the <a href="/shop">shop</a> and <a href="/sdk">第三方SDK目录</a>.',
        ),
    ),
)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration that allows the local server."""
    file = tmp_path / "sources.toml"
    file.write_text(CONFIG)
    monkeypatch.setenv("WATCHER_CONFIG", str(file))
    return file


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, args)


def test_analyze_shows_clauses_under_their_headings(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(html(POLICY))
    done = run("analyze", str(page))
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[0] == "Privacy policy | Oakshelf"
    assert "updated: 2025-05-03 (Last updated: 3 May 2025)" in lines
    assert "gate: accepted" in lines
    heading = next(i for i, line in enumerate(lines) if line.strip() == "How long we keep it")
    depth = len(lines[heading]) - len(lines[heading].lstrip())
    assert lines[heading + 1].startswith(" " * (depth + 2) + "We keep invoices for ten years")
    assert "[retention" in lines[heading + 1]


def test_analyze_gives_the_json_that_tools_rely_on(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(html(POLICY))
    out = json.loads(run("analyze", str(page), "--format", "json").output)
    assert out["language"] == "en"
    assert out["dates"][0]["date"] == "2025-05-03"
    assert {"anchor", "path", "text", "categories", "hash"} <= set(out["clauses"][0])
    assert {"kind", "subject", "value", "quote", "anchor"} <= set(out["facts"][0])
    texts = [clause["text"] for clause in out["clauses"]]
    assert all(any(fact["quote"] in text for text in texts) for fact in out["facts"])


def test_analyze_shows_a_refused_page_with_the_reason(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<title>Page not found</title><main><h1>Oops</h1><p>There is nothing here.</p></main>")
    done = run("analyze", str(page))
    assert done.exit_code == 0
    assert "gate: refused, not-found." in done.output


@pytest.mark.usefixtures("config")
def test_analyze_fetches_an_address(site: Site) -> None:
    out = json.loads(run("analyze", site.page("/privacy", html(POLICY)), "--format", "json").output)
    assert len(out["clauses"]) > 20


def test_analyze_says_what_is_missing() -> None:
    assert "no such file" in str(run("analyze", "nowhere.html").output)


def test_add_appends_an_entry_and_leaves_the_rest_alone(config: Path, site: Site) -> None:
    url = site.page("/privacy", html((*POLICY, *LINKS)))
    done = run("add", url, "--vendor", 'Oak "Shelf"', "--id", "oakshelf")
    assert done.exit_code == 0, done.output
    text = config.read_text()
    assert text.startswith(CONFIG)
    added = load(config).source("oakshelf")
    assert (added.vendor, added.urls) == ('Oak "Shelf"', (url,))
    assert "two fetches gave the same clauses" in done.output
    assert "updated:   2025-05-03" in done.output


def test_add_proposes_the_documents_that_the_policy_links_to(config: Path, site: Site) -> None:
    url = site.page("/privacy", html((*POLICY, *LINKS)))
    out = json.loads(run("add", url, "--id", "oakshelf", "--format", "json").output)
    assert [(c["sort"], c["url"]) for c in out["companions"]] == [
        ("cookies", f"{site.url}/cookies"),
        ("subprocessors", f"{site.url}/legal/sub-processors"),
        ("sdk", f"{site.url}/sdk"),
    ]
    commented = config.read_text()[len(CONFIG) :]
    assert "# [[source]]" in commented
    shown = "\n".join(line.removeprefix("# ") for line in commented.splitlines() if "=" in line or "[[" in line)
    shown = shown.replace('urls = ["...", "..."]', "").replace("several pages:  instead of url.", "")
    assert len(tomllib.loads(shown)["source"]) == 4


def test_add_numbers_an_id_that_is_taken_and_names_the_vendor_by_the_title(config: Path, site: Site) -> None:
    taken = CONFIG.replace('"acme"', '"127-0-0-1"')
    config.write_text(taken)
    out = json.loads(run("add", site.page("/privacy", html(POLICY)), "--format", "json").output)
    assert (out["id"], out["vendor"]) == ("127-0-0-1-2", "Oakshelf")


def test_add_refuses_what_is_no_policy_and_writes_nothing(config: Path, site: Site) -> None:
    url = site.page("/privacy", "<title>Sign in</title><main><h1>Sign in to continue</h1></main>")
    done = run("add", url)
    assert done.exit_code == 3
    assert "asked for a log-in" in done.output
    assert config.read_text() == CONFIG


def test_add_shows_what_moves_between_two_fetches(config: Path, site: Site) -> None:
    pages = [
        html((*POLICY, ("Visits", (f"We have stored {n} records of data about your visits today.",)))) for n in (7, 8)
    ]
    url = site.route("/privacy", *(Answer(page) for page in pages))
    done = run("add", url, "--dry-run")
    assert "2 clauses differ between two fetches" in done.output
    assert config.read_text() == CONFIG


def test_add_knows_what_is_watched_already(config: Path, site: Site) -> None:
    url = site.page("/privacy", html(POLICY))
    config.write_text(CONFIG.replace("https://acme.example/privacy", url))
    done = run("add", url)
    assert "watched already, by the source 'acme'" in str(done.exception)


def test_without_a_file_the_safe_settings_hold(tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WATCHER_CONFIG", raising=False)
    done = run("add", site.page("/privacy", html(POLICY)))
    assert "private" in str(done.exception)
    assert not (tmp_path / "sources.toml").exists()
