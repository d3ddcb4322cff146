"""Sentences that stand beside a form or a button: they speak of data, and no policy consists of them."""

from __future__ import annotations

import re
from functools import cache

from watcher.lang import languages, vocabulary


@cache
def asking() -> re.Pattern[str]:
    """What only such sentences say, in all languages: "By subscribing you agree to our privacy policy"."""
    words = [w for language in languages() for w in vocabulary(language)["furniture"]["asking"]]
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))), re.IGNORECASE)
