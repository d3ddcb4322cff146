"""Numbers of lines or nodes, as the runs that they make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def runs(numbers: Iterable[int]) -> Iterator[range]:
    """Rising numbers in runs of neighbours: 1, 2, 3, 7 are 1 to 3, and 7."""
    start = end = -1
    for number in numbers:
        if number != end:
            if start >= 0:
                yield range(start, end)
            start = number
        end = number + 1
    if start >= 0:
        yield range(start, end)
