"""A process that has the libraries loaded and waits to be told what to run: both ends of the wire.

Loading PyDESeq2 and what it needs takes about as long as a small fit. While somebody is still
choosing settings, `core.jobs` lets such a process load them; what is then started becomes that
process: it gets the command and the open files that go with it, and lets go of whoever sent them.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from core.kinds import KINDS

ROOT = Path(__file__).resolve().parents[2]
# What the quick verbs import as they go; together they take no more memory than the first.
LIBRARIES = (
    *(place.partition(":")[0] for place in KINDS.values()),
    *("core.de.deseq2.compute", "core.de.alternatives", "core.pathways.compute", "core.models.compute"),
)
PATIENCE = 600.0  # seconds without an order after which it ends, and its memory is free again
CHUNK = 65536
GONE = (BrokenPipeError, ConnectionResetError)


class Standby:
    """The near end: a process that loads, or has loaded, and waits.

    Parameters
    ----------
    environment : mapping of str to str
        Of the process.
    patience : float
        Seconds that it waits.
    """

    def __init__(self, environment: dict[str, str], *, patience: float = PATIENCE):
        with contextlib.ExitStack() as unless_started:
            self._wire, far = socket.socketpair()
            unless_started.enter_context(self._wire)
            with far:
                self.process: subprocess.Popen[bytes] = subprocess.Popen(
                    [sys.executable, "-m", "core.processes.standby", str(patience)],
                    cwd=ROOT,
                    env=environment,
                    stdin=far.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            unless_started.pop_all()

    def waits(self) -> bool:
        """Return whether the process is there."""
        return self.process.poll() is None

    def hand_over(self, arguments: list[str], *, alive: int, errors: int) -> bool:
        """Let the process run ``python -m core`` with these arguments; return whether it took them.

        Parameters
        ----------
        arguments : list of str
            Of the command.
        alive, errors : int
            Descriptors of open files: one that it holds on to as long as it lives, and its standard error.
        """
        order = json.dumps(arguments).encode()
        with self._wire as wire:
            try:
                sent = socket.send_fds(wire, [order], [alive, errors])
                if sent < len(order):  # an order that has arrived counts: nothing may fail after it
                    wire.sendall(order[sent:])
            except GONE:
                self.process.wait()
                return False
        return True

    def dismiss(self) -> None:
        """Let the process end, as it does whenever the near end is gone, and collect it."""
        self._wire.close()
        self.process.wait()


def main() -> int:
    """Load, wait for an order and carry it out: the far end, whose standard input is the wire."""
    wire = socket.socket(fileno=sys.stdin.fileno())
    for name in LIBRARIES:
        _load(name)
    order, files = _receive(wire, patience=float(sys.argv[1]))
    if not order:
        return 0
    wire.detach()
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
    _, errors = files  # the first stays open, and with it the lock on its file
    os.dup2(errors, sys.stderr.fileno())
    arguments: list[str] = json.loads(order)
    run: Any = import_module("core.__main__").main
    status: int = run(arguments)
    return status


def _load(name: str) -> None:
    try:
        import_module(name)
    except (ImportError, OSError) as broken:
        # A broken library is told by the verb that needs it, to whoever asked for that. A module of
        # our own that is not there is a slip in `LIBRARIES`: the process would wait with nothing loaded.
        if str(getattr(broken, "name", "")).startswith("core."):
            raise


def _receive(wire: socket.socket, *, patience: float) -> tuple[bytes, list[int]]:
    """Return an order and its files; an empty one if nobody wants anything any more."""
    wire.settimeout(patience)
    try:
        order, files, *_ = socket.recv_fds(wire, CHUNK, 2)
    except TimeoutError:
        # From here on nothing can be handed over; what was handed over before still counts.
        wire.shutdown(socket.SHUT_RD)
        order, files, *_ = socket.recv_fds(wire, CHUNK, 2)
    while files and (more := wire.recv(CHUNK)):
        order += more
    return order, files


if __name__ == "__main__":
    sys.exit(main())
