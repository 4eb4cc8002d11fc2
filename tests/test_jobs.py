"""Jobs are real processes here: started twice, watched, cancelled, killed."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import StoreError
from core.jobs import Jobs, JobState
from core.store import HERE, Store


@pytest.fixture
def jobs() -> Jobs:
    return Jobs(Store())


def wait(jobs: Jobs, key: str, until: Callable[[JobState], bool], *, seconds: float = 60) -> JobState:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        state = jobs.state(key)
        assert state is not None
        if until(state):
            return state
        time.sleep(0.02)
    pytest.fail(f"still {jobs.state(key)}")


def pid_of(jobs: Jobs, key: str) -> int:
    return int(json.loads((jobs.folder(key) / "job.json").read_text())["pid"])


def ended(state: JobState) -> bool:
    return state.status != "running"


def small_demo(folder: Path) -> list[str]:
    return ["demo", "--out", str(folder), "--patients", "40", "--genes", "600"]


def large_demo(folder: Path) -> list[str]:
    return ["demo", "--out", str(folder), "--patients", "290", "--genes", "20000"]


def test_a_job_runs_to_its_end_and_shows_a_command_to_type(jobs: Jobs, tmp_path: Path):
    request, command = {"arguments": small_demo(tmp_path)}, "python -m core demo"
    first = jobs.start("k", title="A small cohort", request=request, command=command)
    assert first.status in ("running", "done")
    done = wait(jobs, "k", ended)
    assert (done.status, done.fraction, done.message) == ("done", 1.0, "")
    assert done.command == command
    assert (tmp_path / "counts.csv.gz").exists()


def test_two_requests_in_two_processes_start_one_job(jobs: Jobs, tmp_path: Path):
    script = (
        "import sys; from core.jobs import Jobs; from core.store import Store; "
        "Jobs(Store()).start('k', title='t', request={'arguments': sys.argv[1:]})"
    )
    command = [sys.executable, "-c", script, *large_demo(tmp_path)]
    askers = [subprocess.Popen(command, cwd=HERE) for _ in range(3)]
    assert [asker.wait() for asker in askers] == [0, 0, 0]
    pid = pid_of(jobs, "k")
    jobs.start("k", title="t", request={"arguments": large_demo(tmp_path)})
    assert pid_of(jobs, "k") == pid
    assert [state.key for state in jobs.running()] == ["k"]
    jobs.cancel("k")


def test_cancelling_stops_the_process_and_leaves_nothing(jobs: Jobs, tmp_path: Path):
    jobs.start("k", title="t", request={"arguments": large_demo(tmp_path / "out")})
    pid = pid_of(jobs, "k")
    jobs.cancel("k")
    assert wait(jobs, "k", ended).status == "cancelled"
    assert jobs.running() == []
    assert not exists(pid)
    assert not (tmp_path / "out" / "truth.csv").exists()


def test_a_killed_job_is_reported_and_can_be_started_again(jobs: Jobs, tmp_path: Path):
    jobs.start("k", title="t", request={"arguments": large_demo(tmp_path)})
    os.kill(pid_of(jobs, "k"), signal.SIGKILL)
    dead = wait(jobs, "k", ended)
    assert dead.status == "failed"
    assert "start it again" in dead.message
    jobs.start("k", title="t", request={"arguments": small_demo(tmp_path)})
    assert wait(jobs, "k", ended).status == "done"


def test_faults_of_the_input_reach_the_viewer(jobs: Jobs, tmp_path: Path):
    jobs.start("k", title="t", request={"arguments": ["demo", "--out", str(tmp_path), "--patients", "1"]})
    failed = wait(jobs, "k", ended)
    assert failed.status == "failed"
    assert failed.faults
    assert all(fault.where and fault.what and fault.mend for fault in failed.faults)


def test_dismissing_forgets_a_job_that_ended_and_only_that(jobs: Jobs, tmp_path: Path):
    jobs.start("k", title="t", request={"arguments": large_demo(tmp_path)})
    jobs.dismiss("k")
    assert jobs.state("k") is not None
    jobs.cancel("k")
    wait(jobs, "k", ended)
    jobs.dismiss("k")
    assert jobs.state("k") is None


def test_unknown_jobs_are_none(jobs: Jobs):
    assert jobs.state("never") is None
    jobs.cancel("never")


def exists(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] not in ("Z", "X")


def test_time_left_is_told_before_the_job_tells(jobs: Jobs, tmp_path: Path):
    first = jobs.start(
        "k", title="A small cohort", request={"arguments": small_demo(tmp_path)}, expected=40.0
    )
    assert first.seconds_left is not None
    assert 0 < first.seconds_left <= 40
    assert wait(jobs, "k", ended).status == "done"
    unknown = jobs.start("other", title="A small cohort", request={"arguments": small_demo(tmp_path)})
    assert unknown.seconds_left is None or unknown.fraction > 0
    assert wait(jobs, "other", ended).status == "done"


def test_a_job_is_described_before_anything_runs(jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Jobs, "_run", killed)
        with pytest.raises(KeyboardInterrupt):
            jobs.start("k", title="A small cohort", request={"arguments": small_demo(tmp_path)})
    state = Jobs(jobs.store).state("k")
    assert state is not None
    assert (state.title, state.status) == ("A small cohort", "failed")
    jobs.cancel("k")
    jobs.start("k", title="A small cohort", request={"arguments": small_demo(tmp_path)})
    assert wait(jobs, "k", ended).status == "done"


def test_whoever_looks_while_a_job_is_started_anew_sees_no_error(jobs: Jobs, tmp_path: Path):
    broken = ["demo", "--out", str(tmp_path), "--no-such-option"]
    seen, failures, stop = set(), [], threading.Event()

    def look() -> None:
        other = Jobs(jobs.store)
        while not stop.is_set():
            try:
                state = other.state("k")
                other.running()
            except Exception as error:  # noqa: BLE001  # whatever it is, it is what this test looks for
                failures.append(error)
                return
            if state is not None:
                seen.add((state.title, state.status))

    lookers = [threading.Thread(target=look) for _ in range(2)]
    for looker in lookers:
        looker.start()
    for number in range(6):
        jobs.start("k", title=f"run {number}", request={"arguments": broken})
        wait(jobs, "k", ended)
        if number % 2:
            jobs.dismiss("k")
    stop.set()
    for looker in lookers:
        looker.join()
    assert failures == []
    assert {status for _, status in seen} <= {"running", "failed"}
    assert len(seen) > 4


def test_jobs_of_a_store_that_cannot_be_written_are_seen(
    jobs: Jobs, tmp_path: Path, request: pytest.FixtureRequest
):
    jobs.start("over", title="t", request={"arguments": ["demo", "--out", str(tmp_path), "--no-such-option"]})
    wait(jobs, "over", ended)
    jobs.start("on", title="t", request={"arguments": large_demo(tmp_path)})
    others = Jobs(Store(jobs.store.root))
    request.getfixturevalue("read_only")
    over = others.state("over")
    assert over is not None
    assert over.status == "failed"
    assert [state.key for state in others.running()] == ["on"]
    with pytest.raises(StoreError, match="read-only file system"):
        others.start("new", title="t", request={"arguments": small_demo(tmp_path)})
    request.getfixturevalue("monkeypatch").undo()
    jobs.cancel("on")
    assert wait(jobs, "on", ended).status == "cancelled"


def test_a_job_that_cannot_be_written_down_is_not_started(jobs: Jobs, tmp_path: Path):
    jobs.folder("k").mkdir(parents=True)
    (jobs.folder("k") / "job.json.partial").mkdir()
    with pytest.raises(StoreError, match=r"job\.json\.partial"):
        jobs.start("k", title="t", request={"arguments": small_demo(tmp_path)})
    assert jobs.running() == []
    assert not (tmp_path / "truth.csv").exists()


def test_a_store_that_is_a_file_has_no_jobs(tmp_path: Path):
    (tmp_path / "store").touch()
    jobs = Jobs(Store(tmp_path / "store"))
    assert (jobs.state("k"), jobs.running()) == (None, [])
    with pytest.raises(StoreError, match="Remove the file in its way"):
        jobs.start("k", title="t", request={"arguments": []})


def test_a_job_that_another_version_described_stops_nobody(jobs: Jobs) -> None:
    folder = jobs.folder("old")
    folder.mkdir(parents=True)
    (folder / "job.json").write_text(json.dumps({"name": "of another version", "pid": 1}))
    with (folder / "alive").open("w") as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)
        assert jobs.state("old") is None
        assert jobs.running() == []


def test_what_a_job_is_to_do_is_in_no_list_of_processes_and_of_any_length(jobs: Jobs, tmp_path: Path) -> None:
    level = "a group level " * 10_000  # 140 kB: more than a command line takes
    words = ["demo", "--out", str(tmp_path / "out"), "--patients", "1", "--genes", f"{level}"]
    jobs.start("k", title="t", request={"arguments": words})
    shown = Path(f"/proc/{pid_of(jobs, 'k')}/cmdline")
    while jobs.state("k") is not None and shown.exists() and b"core" not in (line := shown.read_bytes()):
        time.sleep(0.01)
    assert b"a group level" not in line
    state = wait(jobs, "k", ended)
    assert state.status == "failed"
