"""The process that reads pages for another one (see `reader`): `python -m watcher.pipeline.apart`.

Questions come on standard input, answers go to standard output. It ends, at once and whatever it is doing, when nobody
is there any more to ask: what it had not recorded by then is as if it had never been begun.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import traceback
from queue import SimpleQueue
from typing import Any, BinaryIO

from watcher.lean import keep_small
from watcher.pipeline import understand
from watcher.pipeline.watch import LENGTH, Desk
from watcher.store import Store

#: Bytes of the largest blocks that are used over and over. A page needs dozens of the size of its text, one after the
#: other: to map each of them anew, and to fill its pages with zeros, is a twentieth of the work.
BLOCKS = 2 << 20


def main() -> None:
    """Answer until nobody asks."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # who asked decides when it is over
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    questions: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, questions), daemon=True).start()
    keep_small(BLOCKS)
    path, settings = questions.get()
    desk: Desk | None = None
    while True:
        what, about = questions.get()
        try:
            desk = desk or Desk(store=Store(path), **settings)
            done, answer = True, getattr(understand, what)(desk, *about)
        except Exception as error:
            done, answer = False, _portable(error)
        told = pickle.dumps((done, answer, _size()))
        answers.write(len(told).to_bytes(LENGTH, "big") + told)
        answers.flush()


def _listen(asked: BinaryIO, questions: SimpleQueue[Any]) -> None:
    """Take down what is asked, until nobody can ask any more."""
    try:
        while True:
            questions.put(pickle.load(asked))
    finally:
        os._exit(0)


def _size() -> float:
    """How much of this process is resident, MB; 0 where the system does not say. (getrusage speaks of who began it.)"""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6
    except OSError:
        return 0.0


def _portable(error: Exception) -> Exception:
    """An error as it can be raised elsewhere, with a note of where it was raised here."""
    trace = "".join(traceback.format_exception(error))
    try:
        copy: Exception = pickle.loads(pickle.dumps(error))
    except Exception:
        copy = RuntimeError(f"{type(error).__name__}: {error}")
    copy.add_note(trace)
    return copy


if __name__ == "__main__":
    main()
