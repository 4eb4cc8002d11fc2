"""Background analyses: one process each, shared by every viewer, alive across reloads.

A job is an analysis, or any other ``python -m core`` command. Its folder in the store holds ``request.json``
(what it is to do, which therefore shows in no list of processes), ``job.json`` (what viewers see of it),
``progress.json`` (written by its process), ``stderr.txt``, and ``alive``, a file the process keeps locked for
as long as it lives: whoever cannot lock it knows that the job is running, with no process number to be
mistaken about. Its process is a new one, or one that has loaded the libraries meanwhile
(`core.processes.standby`).
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from core.errors import Fault
from core.processes.standby import Standby
from core.progress import JOB, PROGRESS, REQUEST, write_json
from core.store import HERE, Store, usable

Status = Literal["running", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class JobState:
    """What a viewer needs to know of a job.

    Parameters
    ----------
    key : str
        Key of the job; for an analysis, that of its result in the store.
    title : str
        What is being computed, in words.
    status : {"running", "done", "failed", "cancelled"}
        How it stands.
    stage : str
        What it is doing now.
    fraction : float
        Share of the whole that is done, 0 to 1.
    seconds_left : float or None
        Estimate; None while there is none.
    seconds : float
        Time since it was started.
    faults : tuple of Fault
        Why it failed, if the input was at fault.
    message : str
        Why it failed otherwise.
    command : str
        What a person could type to the same effect.
    """

    key: str
    title: str
    status: Status
    stage: str
    fraction: float
    seconds_left: float | None
    seconds: float
    faults: tuple[Fault, ...] = ()
    message: str = ""
    command: str = ""


class Jobs:
    """The jobs of a store."""

    def __init__(self, store: Store):
        self.store = store
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._standby: Standby | None = None
        self._changing = threading.Lock()

    def folder(self, key: str) -> Path:
        """Return the folder of a job, whether or not it exists."""
        return self.store.root / "jobs" / key

    def start(
        self,
        key: str,
        *,
        title: str,
        request: Mapping[str, Any],
        command: str = "",
        expected: float | None = None,
    ) -> JobState:
        """Start a job unless it is running already.

        A job that ended before is started anew: its result was not what was wanted,
        or nobody would ask for it.

        Parameters
        ----------
        key, title : str
            See `JobState`.
        request : mapping
            What is asked for, as JSON can hold it: an analysis as `core.analysis.asked_for` tells it, or
            ``{"arguments": [...]}`` of any other command. The process reads it from the job's folder.
        command : str
            What a person would type to the same effect.
        expected : float, optional
            Seconds, told as time left until the job itself knows better.
        """
        folder = self.folder(key)
        with self.store.locked(f"job-{key}"):
            if not self._alive(folder):
                job = {"title": title, "command": command, "expected": expected}
                with usable(folder):
                    self._launch(folder, {**job, "started": time.time()}, request)
            return self._state(key, _read_job(folder))

    def stand_by(self) -> None:
        """Let a process load the libraries for the next job, for it will be wanted soon.

        Only one waits at a time; it ends with this process, or after ten minutes of waiting. Where
        none can be started, the next job takes longer, and nothing else.
        """
        with self._changing:
            if self._standby is not None:
                if self._standby.waits():
                    return
                self._standby.dismiss()
                self._standby = None
            with contextlib.suppress(OSError):
                self._standby = Standby(self._environment())

    def state(self, key: str) -> JobState | None:
        """Return how a job stands, or None if there never was one or it was dismissed."""
        with usable(self.folder(key)):
            job = _read_job(self.folder(key))
            return self._state(key, job) if job else None

    def _state(self, key: str, job: dict[str, Any]) -> JobState:
        folder = self.folder(key)
        alive = self._alive(folder)  # before reading progress: an end is written while alive
        if not alive:
            self._reap(key, job.get("pid"))
        progress = _read_json(folder / PROGRESS)
        status: Status = "running" if alive else _ending(folder, progress)
        seconds = time.time() - job["started"]
        return JobState(
            key=key,
            title=job["title"],
            status=status,
            stage=progress.get("stage", "Starting"),
            fraction=float(progress.get("fraction", 0.0)),
            seconds_left=_seconds_left(job, progress, seconds),
            seconds=seconds,
            faults=tuple(Fault(**fault) for fault in progress.get("faults", ())),
            message=_message(folder, progress) if status == "failed" else "",
            command=job["command"],
        )

    def running(self) -> list[JobState]:
        """Return every job that is running, the oldest first."""
        folder = self.store.root / "jobs"
        with usable(folder):
            keys = [path.name for path in folder.iterdir()] if folder.is_dir() else []
        # Those of ours that have ended are looked at too: that collects them.
        states = [self.state(key) for key in keys if key in self._children or self._alive(folder / key)]
        running = [state for state in states if state is not None and state.status == "running"]
        return sorted(running, key=lambda state: -state.seconds)

    def cancel(self, key: str) -> None:
        """Stop a job and all it has started; nothing half-written remains."""
        folder = self.folder(key)
        with self.store.locked(f"job-{key}"):
            if self._alive(folder):
                with contextlib.suppress(OSError):  # a full disk is a reason to stop it
                    (folder / "cancelled").touch()
                if pid := _read_job(folder).get("pid"):
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(pid, signal.SIGTERM)

    def dismiss(self, key: str) -> None:
        """Forget a job that has ended."""
        folder = self.folder(key)
        with self.store.locked(f"job-{key}"):
            if not self._alive(folder):
                shutil.rmtree(folder, ignore_errors=True)

    def _launch(self, folder: Path, job: dict[str, Any], request: Mapping[str, Any]) -> None:
        words = [JOB, str(folder.resolve())]
        with self._changing:
            standby, self._standby = self._standby, None
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "alive").open("w") as alive:
            fcntl.flock(alive, fcntl.LOCK_EX)  # from here on whoever looks sees it run
            _clear(folder)
            write_json(folder / REQUEST, dict(request))
            # Written before anything runs: if this process is killed next, others still see what does.
            write_json(folder / "job.json", {**job, "pid": standby.process.pid if standby else None})
            with (folder / "stderr.txt").open("wb") as errors:
                if standby and standby.hand_over(words, alive=alive.fileno(), errors=errors.fileno()):
                    self._children[folder.name] = standby.process
                    return
                child = self._run(words, alive=alive, errors=errors)
        self._children[folder.name] = child
        write_json(folder / "job.json", {**job, "pid": child.pid})

    def _run(self, arguments: list[str], *, alive: IO[str], errors: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start a process of its own for a job."""
        return subprocess.Popen(
            [sys.executable, "-m", "core", *arguments],
            cwd=HERE,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            pass_fds=(alive.fileno(),),
            start_new_session=True,
        )

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "TRD_EXPLORER_STORE": str(self.store.root.resolve())}

    def _alive(self, folder: Path) -> bool:
        try:
            with (folder / "alive").open("r") as handle:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except (FileNotFoundError, NotADirectoryError):
            return False
        except BlockingIOError:
            return True
        return False

    def _reap(self, key: str, pid: int | None) -> None:
        """Collect a process of ours that has let go of its lock, as it does when it ends.

        By its number: another viewer may have started the job anew since.
        """
        child = self._children.get(key)
        if child is not None and child.pid == pid:
            self._children.pop(key, None)
            child.wait()


def _clear(folder: Path) -> None:
    """Remove what an earlier run of a job has left, but for its description, which is replaced whole."""
    for left in folder.iterdir():
        if left.name not in ("alive", "job.json"):
            left.unlink()


def _seconds_left(job: dict[str, Any], progress: dict[str, Any], seconds: float) -> float | None:
    reported, expected = progress.get("seconds_left"), job.get("expected")
    if reported is not None or expected is None:
        return reported
    return max(1.0, float(expected) - seconds)


def _ending(folder: Path, progress: dict[str, Any]) -> Status:
    if (folder / "cancelled").exists() and progress.get("ended") != "done":
        return "cancelled"
    return "done" if progress.get("ended") == "done" else "failed"


def _message(folder: Path, progress: dict[str, Any]) -> str:
    if progress.get("message"):
        return str(progress["message"])
    lines: list[str] = []
    with contextlib.suppress(FileNotFoundError):  # another viewer has closed the message, or started it anew
        lines = (folder / "stderr.txt").read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "The computation was ended from outside; start it again."


def _read_job(folder: Path) -> dict[str, Any]:
    """Return what viewers see of a job; nothing where there is none, or another version described it."""
    job = _read_json(folder / "job.json")
    return job if {"title", "command", "started"} <= job.keys() else {}


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError):
        return {}
    return content
