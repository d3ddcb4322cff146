"""Reads pages in a process of its own, which is only there while pages come.

The parsers, tables and texts that reading needs take more memory than all else together, and an allocator gives little
of it back; a process that ends gives all. And it can be stopped when a page keeps it busy for ever.
"""

from __future__ import annotations

import asyncio
import pickle
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from typing import Any

from watcher.errors import ReadError
from watcher.lean import program
from watcher.pipeline.watch import LENGTH, Desk, Reading

PATIENCE = 120.0  #: seconds after which one page being read is taken to be stuck
REST = 20.0  #: seconds without anything to read after which the process ends
LARGEST = 73.0  #: MB that the process may keep and go on: a new one has none of what it remembers
FAREWELL = 5.0  #: seconds that a process gets to end by itself
UNBOUNDED = 1 << 40  #: bytes of an answer that may wait to be taken: all


class Reader:
    """Answers what `understand` answers (see watch.Reads), one question after the other.

    The process has its own connection to the database; its settings are those of `desk`.
    """

    def __init__(self, desk: Desk, *, rest: float = REST) -> None:
        """`rest`: seconds without a question after which the process ends."""
        settings = {name: getattr(desk, name) for name in ("settings", "teaching", "channels", "language", "clock")}
        self._desk = pickle.dumps((desk.store.path.absolute(), settings))
        self._rest = rest
        self.patience = PATIENCE  #: seconds for one question
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._end: asyncio.TimerHandle | None = None
        self.waiting = 0  #: questions that were not answered yet

    @property
    def pid(self) -> int | None:
        """Of the process, if there is one."""
        return self._process.pid if self._process else None

    async def __call__(self, what: Reading, *about: object) -> Any:
        """Ask. Raises what was raised there, and ReadError if no answer came. Who is cancelled stops the work."""
        self.waiting += 1
        try:
            done, answer = await self._in_turn(what, about)
        finally:
            self.waiting -= 1
        if not done:
            raise answer
        return answer

    async def close(self) -> None:
        """Let the process end."""
        async with self._turn:
            await self._stop()

    async def _in_turn(self, what: Reading, about: tuple[object, ...]) -> tuple[bool, Any]:
        """True and what was answered, or False and the error that was raised."""
        async with self._turn:
            if self._end is not None:
                self._end.cancel()
            try:
                async with asyncio.timeout(self.patience):
                    done, answer, size = await self._answer(pickle.dumps((what, about)))
            except TimeoutError:
                await self._stop(kill=True)
                raise ReadError(f"It took more than {self.patience:.0f} s to read, and was stopped. {NEXT}") from None
            except (OSError, EOFError) as error:
                code = await self._stop()
                how = f"cannot start: {error}" if code is None else f"ended ({_words(code)})"
                raise ReadError(f"The process that was to read it {how}. {NEXT}") from error
            except BaseException:
                await self._stop(kill=True)
                raise
            if size > LARGEST:
                await self._stop()  # until it is gone, lest there be two of them for a while
            else:
                self._end = asyncio.get_running_loop().call_later(self._rest, self._dismiss)
        return done, answer

    async def _answer(self, question: bytes) -> tuple[bool, Any, float]:
        """True and what was answered, or False and the error that was raised; the memory that it keeps, MB."""
        process = self._process or await self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(question)
        await process.stdin.drain()
        length = int.from_bytes(await process.stdout.readexactly(LENGTH), "big")
        answer: tuple[bool, Any, float] = pickle.loads(await process.stdout.readexactly(length))
        return answer

    async def _start(self) -> Process:
        """A new process; in a group of its own, for Ctrl-C in a terminal is for us, who let it finish."""
        command, environ = program("watcher.pipeline.apart")
        self._process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, limit=UNBOUNDED, env=environ, process_group=0
        )
        assert self._process.stdin is not None
        self._process.stdin.write(self._desk)
        return self._process

    def _dismiss(self) -> None:
        """Ask nothing more: the process then ends by itself."""
        if self._end is not None:
            self._end.cancel()
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None

    async def _stop(self, *, kill: bool = False) -> int | None:
        """Wait until the process has ended, by itself or at once; its exit code, None if there was none."""
        process = self._process
        self._dismiss()
        if process is None:
            return None
        if not kill:
            with suppress(TimeoutError):
                return await asyncio.wait_for(process.wait(), FAREWELL)
        with suppress(ProcessLookupError):
            process.kill()
        return await process.wait()


#: What is said of a page that was not read.
NEXT = "It is tried again at the next check; if it never works, please report it with the address of the page"


def _words(code: int) -> str:
    """An exit code in words."""
    return f"by signal {-code}; 9 may mean that memory ran out" if code < 0 else f"with code {code}"
