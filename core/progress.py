"""Progress of a long analysis: who reports it and who listens."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Literal, Protocol

from core.errors import Fault
from core.processes.stopping import write_whole

# What a job has in its folder, and the verb that runs it from there.
REQUEST, PROGRESS, JOB = "request.json", "progress.json", "job"
Ending = Literal["done", "failed", "cancelled"]


class Reporter(Protocol):
    """Receives the progress of an analysis; raises CancelledError to stop it."""

    def __call__(self, stage: str, fraction: float, *, seconds_left: float | None = None) -> None:
        """Report that `stage` is under way and `fraction` (0 to 1) of the whole is done."""


def silent(stage: str, fraction: float, *, seconds_left: float | None = None) -> None:
    """Listen to nothing: the reporter of analyses that nobody watches."""


def rescale(report: Reporter, start: float, stop: float) -> Reporter:
    """Map the whole of a part onto the slice from `start` to `stop` of the whole."""

    def part(stage: str, fraction: float, *, seconds_left: float | None = None) -> None:
        report(stage, start + (stop - start) * fraction, seconds_left=seconds_left)

    return part


class FileReporter:
    """Writes progress to a small JSON file for whoever watches from another process.

    Parameters
    ----------
    path : Path
        Replaced whole at every report, so that a reader never sees half of it.
    """

    def __init__(self, path: Path):
        self.path = path
        self._started = time.monotonic()

    def __call__(self, stage: str, fraction: float, *, seconds_left: float | None = None) -> None:
        """Write stage, fraction and time left; estimated from the pace so far if not given."""
        if seconds_left is None and fraction > 0:
            seconds_left = (time.monotonic() - self._started) * (1 - fraction) / fraction
        self._write({"stage": stage, "fraction": fraction, "seconds_left": seconds_left})

    def end(self, ended: Ending, *, faults: tuple[Fault, ...] = (), message: str = "") -> None:
        """Write how it ended, as the last thing."""
        self._write(
            {
                "stage": {"done": "Done", "failed": "Failed", "cancelled": "Cancelled"}[ended],
                "fraction": 1.0 if ended == "done" else 0.0,
                "seconds_left": 0.0,
                "ended": ended,
                "faults": [asdict(fault) for fault in faults],
                "message": message,
            }
        )

    def _write(self, content: dict[str, object]) -> None:
        write_json(self.path, {**content, "updated": time.time()})


def write_json(path: Path, content: object) -> None:
    """Write a small JSON file that readers see whole or not at all."""
    write_whole(path, json.dumps(content))
