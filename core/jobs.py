"""Background analyses: one process each, shared by every viewer, alive across reloads.

A job is a ``python -m core`` command. Its folder in the store holds ``job.json`` (what
was started), ``progress.json`` (written by the command), ``stderr.txt``, and ``alive``,
a file the process keeps locked for as long as it lives: whoever cannot lock it knows
that the job is running, with no process number to be mistaken about. Its process
is a new one, or one that has loaded the libraries meanwhile (`core.standby`).
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
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from core.errors import Fault
from core.standby import Standby
from core.store import HERE, Store

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
    command : tuple of str
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
    command: tuple[str, ...] = ()


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

    def start(self, key: str, *, title: str, arguments: list[str], expected: float | None = None) -> JobState:
        """Start ``python -m core`` with these arguments, unless the job is running already.

        `expected` seconds are told as time left until the job itself knows better.

        A job that ended before is started anew: its result was not what was wanted,
        or nobody would ask for it.
        """
        folder = self.folder(key)
        with self.store.locked(f"job-{key}"):
            if not self._alive(folder):
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(parents=True)
                self._launch(folder, title=title, arguments=arguments, expected=expected)
        return self._state(key, _read_json(folder / "job.json"))

    def stand_by(self) -> None:
        """Let a process load the libraries for the next job, for it will be wanted soon.

        Only one waits at a time; it ends with this process, or after ten minutes of waiting.
        """
        with self._changing:
            if self._standby is not None:
                if self._standby.waits():
                    return
                self._standby.dismiss()
            self._standby = Standby(self._environment())

    def state(self, key: str) -> JobState | None:
        """Return how a job stands, or None if there never was one or it was dismissed."""
        job = _read_json(self.folder(key) / "job.json")
        return self._state(key, job) if job else None

    def _state(self, key: str, job: dict[str, Any]) -> JobState:
        folder = self.folder(key)
        alive = self._alive(folder)  # before reading progress: an end is written while alive
        if not alive:
            self._reap(key)
        progress = _read_json(folder / "progress.json")
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
            command=tuple(job["command"]),
        )

    def running(self) -> list[JobState]:
        """Return every job that is running, the oldest first."""
        folder = self.store.root / "jobs"
        states = [self.state(p.name) for p in folder.iterdir()] if folder.is_dir() else []
        running = [state for state in states if state is not None and state.status == "running"]
        return sorted(running, key=lambda state: -state.seconds)

    def cancel(self, key: str) -> None:
        """Stop a job and all it has started; nothing half-written remains."""
        folder = self.folder(key)
        with self.store.locked(f"job-{key}"):
            if self._alive(folder):
                (folder / "cancelled").touch()
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(_read_json(folder / "job.json")["pid"], signal.SIGTERM)

    def dismiss(self, key: str) -> None:
        """Forget a job that has ended."""
        folder = self.folder(key)
        with self.store.locked(f"job-{key}"):
            if not self._alive(folder):
                shutil.rmtree(folder, ignore_errors=True)

    def _launch(self, folder: Path, *, title: str, arguments: list[str], expected: float | None) -> None:
        command = ["python", "-m", "core", *arguments]
        with (folder / "alive").open("w") as alive, (folder / "stderr.txt").open("wb") as errors:
            fcntl.flock(alive, fcntl.LOCK_EX)
            told = [*arguments, "--progress", str(folder.resolve() / "progress.json")]
            child = self._on_standby(told, alive=alive, errors=errors) or subprocess.Popen(
                [sys.executable, "-m", "core", *told],
                cwd=HERE,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                pass_fds=(alive.fileno(),),
                start_new_session=True,
            )
        self._children[folder.name] = child
        job = {"title": title, "command": command, "pid": child.pid, "started": time.time()}
        job["expected"] = expected
        partial = folder / "job.json.partial"
        partial.write_text(json.dumps(job), encoding="utf-8")
        partial.replace(folder / "job.json")

    def _on_standby(
        self, arguments: list[str], *, alive: IO[str], errors: IO[bytes]
    ) -> subprocess.Popen[bytes] | None:
        """Hand a command to the process that waits; None if there is none."""
        with self._changing:
            standby, self._standby = self._standby, None
        if standby and standby.hand_over(arguments, alive=alive.fileno(), errors=errors.fileno()):
            return standby.process
        return None

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "TRD_EXPLORER_STORE": str(self.store.root.resolve())}

    def _alive(self, folder: Path) -> bool:
        try:
            with (folder / "alive").open("r") as handle:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def _reap(self, key: str) -> None:
        """Collect a process of ours that has let go of its lock, as it does when it ends."""
        child = self._children.pop(key, None)
        if child is not None:
            child.wait()


def _seconds_left(job: dict[str, Any], progress: dict[str, Any], seconds: float) -> float | None:
    told, expected = progress.get("seconds_left"), job.get("expected")
    if told is not None or expected is None:
        return told
    return max(1.0, float(expected) - seconds)


def _ending(folder: Path, progress: dict[str, Any]) -> Status:
    if (folder / "cancelled").exists() and progress.get("ended") != "done":
        return "cancelled"
    return "done" if progress.get("ended") == "done" else "failed"


def _message(folder: Path, progress: dict[str, Any]) -> str:
    if progress.get("message"):
        return str(progress["message"])
    lines = (folder / "stderr.txt").read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "The computation was ended from outside; start it again."


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return content
