"""All figures of accuracy in one table, beside what others reach: `make bench`.

Our own figures: edits whose answers are known (tests/synthetic.py), drawn anew for each seed. Where a folder of
labelled captures lies beside the repository (`../shared`), its score.py is run too, as it judges any program.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.synthetic import Case, cases
from tests.test_floors import tells, verdict_of
from watcher.records import Verdict

SEEDS = (1, 2, 3)
SHARED = Path(__file__).resolve().parents[2] / "shared" / "eval" / "score.py"
#: What a text difference reaches: monitors that compare the page's words and alert on any (their own figures).
PEERS = {"material precision": "0.46", "material recall": "1.00", "named recipients F1": "0", "kinds F1": "0"}
#: score.py's summary, as (row, what it scores, path into the summary, what is asked for).
ROWS = (
    ("material precision", "pairs", ("material", "precision"), "0.93"),
    ("material recall", "pairs", ("material", "recall"), "0.95"),
    ("kinds F1", "pairs", ("kinds", "f1"), "0.82"),
    ("named recipients F1", "pairs", ("named_recipients", "f1"), "0.90"),
    ("retention periods F1", "pairs", ("retention_periods", "f1"), "0.90"),
    ("changes located by a quote", "pairs", ("located",), "0.80"),
    ("noise kept silent", "pairs", ("noise_kept_silent",), "0.95"),
    ("vendors: verdicts right", "vendors", ("verdicts_right",), "0.96"),
    ("vendors: facts found", "vendors", ("facts_found",), "0.95"),
    ("vendors: nothing quiet alerted", "vendors", ("not_alerted_when_quiet",), "1.00"),
    ("streams: faults F1", "streams", ("faults", "f1"), "1.00"),
    ("streams: material recall", "streams", ("material", "recall"), "1.00"),
    ("streams: quiet steps called material", "streams", ("false_material",), "1"),
    ("streams: quiet steps called minor", "streams", ("false_minor",), "3"),
    ("classify OPP-115: micro F1", "classify opp115_dev", ("micro", "f1"), "0.72"),
    ("classify OPP-115: macro F1", "classify opp115_dev", ("macro_f1",), "0.66"),
    ("classify CA4P-483: first right", "classify ca4p483_dev", ("first_right",), "0.75"),
)


def synthetic() -> list[tuple[str, str, str, str]]:
    """Rows for the scripted edits."""
    told: list[tuple[Case, Verdict]] = [(c, verdict_of(c)) for seed in SEEDS for c in cases(seed)]
    real = [(c, v) for c, v in told if c.kind]
    quiet = [v for c, v in told if not c.kind]
    return [
        ("edits: verdicts right", f"{sum(v.level == c.verdict for c, v in told) / len(told):.3f}", "", ""),
        ("edits: facts found", f"{sum(tells(c, v) for c, v in real) / len(real):.3f}", "", ""),
        ("edits: noise kept silent", f"{sum(v.level == 'noise' for v in quiet) / len(quiet):.3f}", "", ""),
    ]


def labelled() -> list[tuple[str, str, str, str]]:
    """Rows for the labelled captures, none where they are absent."""
    if not SHARED.exists():
        return []
    summary = {name: _score(name) for name in dict.fromkeys(row[1] for row in ROWS)}
    return [(row, _at(summary[name], path), floor, PEERS.get(row, "")) for row, name, path, floor in ROWS]


def _score(name: str) -> Any:
    what, *corpus = name.split()
    files = [SHARED.parents[1] / "nlp" / f"{file}.jsonl" for file in corpus]
    program = f"{sys.executable} -m watcher"
    run = subprocess.run(
        [sys.executable, SHARED, what, *files, "--watcher", program], capture_output=True, text=True, check=True
    )
    return json.loads(run.stdout.splitlines()[-1])


def _at(summary: Any, path: tuple[str, ...]) -> str:
    for key in path:
        summary = summary[key]
    return f"{summary:.3f}" if isinstance(summary, float) else str(summary)


def main() -> None:
    """Print the table."""
    print(f"{'figure':40} {'ours':>8} {'asked':>8} {'text difference':>16}")
    for row, ours, asked, peers in [*synthetic(), *labelled()]:
        print(f"{row:40} {ours:>8} {asked:>8} {peers:>16}")


if __name__ == "__main__":
    main()
