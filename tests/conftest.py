"""What every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real captures and labelled sets beside the repository; the test is skipped where it is absent."""
    if not (SHARED / "eval" / "score.py").exists():
        pytest.skip("needs the folder `shared` with real captures beside the repository")
    return SHARED
