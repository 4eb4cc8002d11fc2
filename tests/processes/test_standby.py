"""A process that waits is a real one here: told what to run, left waiting, left alone."""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from core.jobs import Jobs
from core.processes import standby as module
from core.processes.standby import Standby
from core.store import HERE, Store
from tests.test_jobs import ended, exists, large_demo, pid_of, small_demo, wait


@pytest.fixture
def jobs() -> Jobs:
    jobs = Jobs(Store())
    jobs.stand_by()
    return jobs


def eventually(holds: Callable[[], bool], *, seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return holds()


def waiting(jobs: Jobs) -> Standby:
    assert jobs._standby is not None
    return jobs._standby


def test_a_job_becomes_the_process_that_waited(jobs: Jobs, tmp_path: Path) -> None:
    pid = waiting(jobs).process.pid
    jobs.start("k", title="t", request={"arguments": small_demo(tmp_path)}, command="as one types it")
    assert pid_of(jobs, "k") == pid
    done = wait(jobs, "k", ended)
    assert (done.status, done.message) == ("done", "")
    assert done.command == "as one types it"
    assert (tmp_path / "counts.csv.gz").exists()


def test_only_one_waits_and_the_next_job_has_a_process_of_its_own(jobs: Jobs, tmp_path: Path) -> None:
    pid = waiting(jobs).process.pid
    jobs.stand_by()
    assert waiting(jobs).process.pid == pid
    for key in ("one", "two"):
        jobs.start(key, title="t", request={"arguments": small_demo(tmp_path / key)})
    assert pid_of(jobs, "one") == pid != pid_of(jobs, "two")
    assert [wait(jobs, key, ended).status for key in ("one", "two")] == ["done", "done"]


def test_it_is_watched_and_cancelled_like_any_other(jobs: Jobs, tmp_path: Path) -> None:
    jobs.start("k", title="t", request={"arguments": large_demo(tmp_path / "out")})
    assert jobs.state("k").status == "running"  # type: ignore[union-attr]
    assert [state.key for state in Jobs(Store()).running()] == ["k"]
    pid = pid_of(jobs, "k")
    jobs.cancel("k")
    assert wait(jobs, "k", ended).status == "cancelled"
    assert not exists(pid)
    assert not (tmp_path / "out" / "truth.csv").exists()


def test_its_faults_and_its_errors_reach_the_viewer(jobs: Jobs, tmp_path: Path) -> None:
    jobs.start("k", title="t", request={"arguments": ["demo", "--out", str(tmp_path), "--patients", "1"]})
    failed = wait(jobs, "k", ended)
    assert failed.faults
    assert failed.faults[0].line() in (jobs.folder("k") / "stderr.txt").read_text()


def test_a_long_command_arrives_whole(jobs: Jobs, tmp_path: Path) -> None:
    unknown = "x" * 300_000
    jobs.start("k", title="t", request={"arguments": ["demo", "--out", str(tmp_path), f"--{unknown}"]})
    assert wait(jobs, "k", ended).status == "failed"
    assert unknown in (jobs.folder("k") / "stderr.txt").read_text()


@pytest.mark.parametrize(("patience", "killed"), [(600.0, True), (0.01, False)], ids=["killed", "patience"])
def test_one_that_is_no_more_is_not_missed(tmp_path: Path, patience: float, killed: bool) -> None:
    jobs = Jobs(Store())
    jobs._standby = standby = Standby(dict(os.environ), patience=patience)
    if killed:
        standby.process.kill()
    assert eventually(lambda: not standby.waits())
    assert standby.process.returncode == (-signal.SIGKILL if killed else 0)
    jobs.start("k", title="t", request={"arguments": small_demo(tmp_path)})
    assert pid_of(jobs, "k") != standby.process.pid
    assert wait(jobs, "k", ended).status == "done"


def test_another_takes_the_place_of_one_that_is_gone(jobs: Jobs) -> None:
    gone = waiting(jobs)
    gone.process.kill()
    assert eventually(lambda: not gone.waits())
    jobs.stand_by()
    assert waiting(jobs) is not gone
    assert waiting(jobs).waits()
    waiting(jobs).dismiss()
    assert not waiting(jobs).waits()


def test_a_page_does_without_one_that_cannot_be_started(
    jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = waiting(jobs)
    gone.process.kill()
    assert eventually(lambda: not gone.waits())

    def no_memory(*_: object, **__: object) -> None:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    with monkeypatch.context() as patched:
        patched.setattr(subprocess, "Popen", no_memory)
        jobs.stand_by()
    assert jobs._standby is None
    jobs.start("k", title="t", request={"arguments": small_demo(tmp_path)})
    assert wait(jobs, "k", ended).status == "done"


def test_an_order_that_has_arrived_counts_though_nobody_listens_any_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    near, far = socket.socketpair()
    standby = Standby.__new__(Standby)
    standby._wire = near
    send = socket.send_fds

    def lose_patience(*order: Any) -> int:
        sent = send(*order)
        far.shutdown(socket.SHUT_RD)
        return sent

    monkeypatch.setattr(socket, "send_fds", lose_patience)
    with far, tempfile.TemporaryFile() as file:
        assert standby.hand_over(["demo"], alive=file.fileno(), errors=file.fileno())
        order, files, *_ = socket.recv_fds(far, 100, 2)
        assert json.loads(order) == ["demo"]
        for descriptor in files:
            os.close(descriptor)


def test_a_broken_library_breaks_only_what_needs_it(tmp_path: Path) -> None:
    (tmp_path / "sklearn").mkdir()
    (tmp_path / "sklearn" / "__init__.py").write_text("raise ImportError('half installed')")
    jobs = Jobs(Store())
    jobs._standby = Standby({**os.environ, "PYTHONPATH": str(tmp_path)})
    jobs.start("k", title="t", request={"arguments": small_demo(tmp_path / "out")})
    assert wait(jobs, "k", ended).status == "done"


@pytest.mark.parametrize("name", module.LIBRARIES)
def test_what_it_loads_is_there(name: str) -> None:
    assert import_module(name).__name__ == name


def test_a_module_of_our_own_that_is_not_there_is_no_broken_library() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"core\.de\.nowhere"):
        module._load("core.de.nowhere")
    module._load("library_that_is_not_installed")


def test_nothing_is_left_when_the_one_it_waits_for_is_killed() -> None:
    script = (
        "import os; from core.processes.standby import Standby; "
        "print(Standby(dict(os.environ)).process.pid, flush=True); input()"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(
        command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as near:
        assert near.stdout
        pid = int(near.stdout.readline())
        assert exists(pid)
        near.kill()
    assert eventually(lambda: not exists(pid))


def test_a_job_outlives_the_one_who_asked_for_it(tmp_path: Path) -> None:
    script = (
        "import sys; from core.jobs import Jobs; from core.store import Store; jobs = Jobs(Store()); "
        "jobs.stand_by(); jobs.start('k', title='t', request={'arguments': sys.argv[1:]})"
    )
    subprocess.run([sys.executable, "-c", script, *small_demo(tmp_path)], cwd=HERE, check=True)
    assert wait(Jobs(Store()), "k", ended).status == "done"
