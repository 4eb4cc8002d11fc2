"""Whatever a command is doing, SIGTERM ends it at once, and nothing half-written is left."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import CancelledError
from core.processes.stopping import finish, in_the_making, stoppable, write_whole
from core.store import HERE, Draft, Store

CHILD = """
import sys, threading, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import numpy as np
from core.store import Store
from core.processes.stopping import stoppable

def write(draft):
    draft.write_array("a", np.zeros(3))
    print("now", flush=True)
    DOING

def last_words():
    print("told", flush=True)

with stoppable(last_words):
    Store(Path(sys.argv[1])).get_or_compute("k", write)
"""
DOING = {
    "computing in C": "np.linalg.svd(np.ones((3500, 3500)) + np.eye(3500))",
    "in a library that catches every exception": "[SWALLOW for _ in range(100)]",
    "where nothing can be raised": "[Deaf() for _ in range(100)]",
    "waiting for a pool": "ThreadPoolExecutor(1).submit(time.sleep, 100).result()",
    "waiting for a lock": "threading.Lock().acquire() and threading.Event().wait(100)",
    "in Python": "[time.sleep(0.01) for _ in range(10_000)]",
}
HELPERS = """
class Deaf:
    def __del__(self):
        time.sleep(1)

def swallow():
    try:
        time.sleep(1)
    except BaseException:
        pass
"""


def child(store: Path, doing: str) -> subprocess.Popen[str]:
    script = HELPERS + CHILD.replace("DOING", doing.replace("SWALLOW", "swallow()"))
    return subprocess.Popen(
        [sys.executable, "-c", script, str(store)],
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


@pytest.mark.parametrize("doing", DOING.values(), ids=DOING)
def test_sigterm_ends_a_process_long_before_its_work_would(doing: str, tmp_path: Path) -> None:
    process = child(tmp_path, doing)
    assert process.stdout is not None
    assert process.stdout.readline() == "now\n"
    process.send_signal(signal.SIGTERM)
    try:
        process.communicate(timeout=30)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 1
    assert list((tmp_path / "results").iterdir()) == []


def test_a_second_sigterm_disturbs_nothing(tmp_path: Path) -> None:
    process = child(tmp_path, "[time.sleep(0.01) for _ in range(10_000)]")
    assert process.stdout is not None
    process.stdout.readline()
    for _ in range(20):
        process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert list((tmp_path / "results").iterdir()) == []


def test_what_catches_every_exception_does_not_catch_this() -> None:
    assert not issubclass(CancelledError, Exception)


def test_a_command_that_is_not_stopped_leaves_signals_as_they_were() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with stoppable(lambda: pytest.fail("nobody stopped it")):
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before
    assert signal.set_wakeup_fd(-1) == -1


def test_files_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", "text")
    write_whole(tmp_path / "b", b"bytes")
    assert ((tmp_path / "a").read_text(), (tmp_path / "b").read_bytes()) == ("text", b"bytes")
    with in_the_making(tmp_path / "c") as path:
        path.write_text("half")
    with in_the_making(tmp_path / "d") as path:
        path.mkdir()
        finish(path, tmp_path / "e")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a", "b", "e"]


def test_a_cancelled_computation_leaves_no_draft(tmp_path: Path) -> None:
    def cancelled(draft: Draft) -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        Store(tmp_path).get_or_compute("k", cancelled)
    assert list((tmp_path / "results").iterdir()) == []
