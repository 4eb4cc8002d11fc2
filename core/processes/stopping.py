"""SIGTERM stops a command: in good order where it hears of it, and within two seconds in any case.

A handler of Python's is not enough. It waits while the main thread computes in C, or waits for a
pool of threads; and the error it raises is lost where a library catches every exception, or where
it strikes while Python collects garbage.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from core.errors import CancelledError

PATIENCE = 1.2  # seconds that a command has for ending in good order
STOPPED = "Stopped on request; nothing was written."
_making: set[Path] = set()
_renaming = threading.Lock()  # held for good by whoever ends the process


@contextlib.contextmanager
def stoppable(last_words: Callable[[], None]) -> Iterator[None]:
    """Raise CancelledError at SIGTERM; end the process, with `last_words`, where that is not heard in time.

    In the main thread only. What is in the making (`in_the_making`) is removed in either case.
    """
    near, far = socket.socketpair()
    far.settimeout(0)
    # Told of a signal at once, whatever the main thread is doing.
    earlier = signal.set_wakeup_fd(far.fileno()), signal.signal(signal.SIGTERM, _cancel)
    threading.Thread(target=_watch, args=(near, last_words), daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(earlier[0])
        signal.signal(signal.SIGTERM, earlier[1])
        far.close()
        _tidy()  # what was struck while it tidied up itself


def _cancel(signum: int, frame: FrameType | None) -> None:
    signal.signal(signum, signal.SIG_IGN)  # a second one would disturb the tidying up
    raise CancelledError(STOPPED)


def _watch(near: socket.socket, last_words: Callable[[], None]) -> None:
    with near:
        while received := near.recv(1):
            if received[0] == signal.SIGTERM:
                time.sleep(PATIENCE)
                last_words()
                _renaming.acquire(timeout=0.2)
                _tidy()
                os._exit(1)


@contextlib.contextmanager
def in_the_making(path: Path) -> Iterator[Path]:
    """Remove a file or folder in the end, however that comes, unless `finish` has renamed it."""
    _making.add(path)
    try:
        yield path
    finally:
        _remove(path)
        _making.discard(path)


def finish(path: Path, final: Path) -> None:
    """Rename what was in the making."""
    with _renaming:
        path.replace(final)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all."""
    with in_the_making(path.with_name(f".{path.name}.partial")) as partial:
        partial.write_bytes(content.encode() if isinstance(content, str) else content)
        finish(partial, path)


def _tidy() -> None:
    for path in tuple(_making):
        _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    with contextlib.suppress(OSError):
        path.unlink()
