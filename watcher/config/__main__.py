"""Reads a configuration for another process: `python -m watcher.config`, see `load_apart`."""

import pickle
import sys

from watcher.config import load
from watcher.errors import ConfigError

if __name__ == "__main__":
    try:
        answer: object = load(*pickle.load(sys.stdin.buffer))
    except ConfigError as error:
        answer = error
    pickle.dump(answer, sys.stdout.buffer)
