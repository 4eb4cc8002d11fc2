"""Progress of a long analysis: who reports it and who listens."""

from __future__ import annotations

from typing import Protocol


class Reporter(Protocol):
    """Receives the progress of an analysis; raises CancelledError to stop it."""

    def __call__(self, stage: str, fraction: float, *, seconds_left: float | None = None) -> None:
        """Report that `stage` is under way and `fraction` (0 to 1) of the whole is done."""


def silent(stage: str, fraction: float, *, seconds_left: float | None = None) -> None:
    """Listen to nothing: the reporter of analyses that nobody watches."""


def within(report: Reporter, start: float, stop: float) -> Reporter:
    """Map the whole of a part onto the slice from `start` to `stop` of the whole."""

    def part(stage: str, fraction: float, *, seconds_left: float | None = None) -> None:
        report(stage, start + (stop - start) * fraction, seconds_left=seconds_left)

    return part
