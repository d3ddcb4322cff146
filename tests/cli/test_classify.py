"""`watcher classify` says the categories of each text, and why, or which line it cannot read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from watcher.cli.classify import command
from watcher.errors import ExtractError


def run(path: Path, *options: str) -> str:
    """What the command prints."""
    result = CliRunner().invoke(command, [str(path), *options], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_each_line_in_gives_one_line_out(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text(
        '{"text": "We retain invoices for ten years."}\n\n{"text": "### 联系我们\\n请拨打客服电话。"}\n', "utf8"
    )
    out = [json.loads(line) for line in run(file, "--format", "jsonl").splitlines()]
    assert [line["categories"][0] for line in out] == ["retention", "contact"]


def test_explain_shows_the_words_that_decided(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text('{"text": "Up to twelve weeks.", "heading": "Retention"}', "utf8")
    why = json.loads(run(file, "--format", "jsonl", "--explain"))["why"]
    assert why[0]["category"] == "retention"
    assert why[0]["words"][0].startswith("heading: ret")
    assert "heading: ret" in run(file, "--explain")


@pytest.mark.parametrize("line", ["no json", '["a list"]', '{"words": "none"}'])
def test_a_line_that_is_no_text_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text('{"text": "Cookies."}\n' + line, "utf8")
    with pytest.raises(ExtractError, match="line 2"):
        run(file)
