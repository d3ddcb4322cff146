"""Language knowledge as data: one TOML per language, and the text tools that every room shares.

`vocabulary("en")` is the parsed `en.toml`. Its tables belong to rooms: [furniture], [gate] and [dates] to extract and
gate, [units] and one table per kind of fact to facts, [wording] and [sentences] to compare and judge, [categories] to
the classifier. A new language is one more file; `tests/lang` names each key that it misses.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

#: A path, not importlib.resources, which takes 1.3 MB and ten times as long.
HERE = Path(__file__).parent


@cache
def vocabulary(language: str) -> dict[str, Any]:
    """The vocabulary of a language ("en", "zh"). Raises FileNotFoundError for one that is not shipped."""
    return tomllib.loads((HERE / f"{language}.toml").read_text(encoding="utf8"))


@cache
def languages() -> tuple[str, ...]:
    """The languages shipped, sorted."""
    return tuple(sorted(f.name[:-5] for f in HERE.iterdir() if f.name.endswith(".toml")))
