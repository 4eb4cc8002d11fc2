"""How long an analysis takes: the estimate before it starts, and progress while it runs."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from core.progress import Reporter

Kernel = Literal["means", "rough dispersions", "fold changes", "dispersions", "test", "shrinkage"]

# Microseconds of one core per gene: (constant, per sample, per sample and pair of coefficients),
# measured on simulated counts of 8 to 1,000 samples with 2 to 20 coefficients.
_COST: Mapping[Kernel, tuple[float, float, float]] = {
    "means": (0.3, 0.008, 0.00002),
    "rough dispersions": (0.3, 0.012, 0.00002),
    "fold changes": (2.5, 0.097, 0.0007),
    "dispersions": (3.2, 0.12, 0.0011),
    "test": (0.7, 0.005, 0.0002),
    "shrinkage": (8.6, 0.064, 0.0008),
}
# Passes over all genes that each part of an analysis makes.
_FIT: tuple[Kernel, ...] = (
    "rough dispersions",
    "fold changes",
    "dispersions",
    "dispersions",
    "fold changes",
)
MAX_CPUS = 8  # beyond this, threads mostly wait for each other
_OVERHEAD = 4.0  # seconds: importing the libraries, reading counts, what PyDESeq2 does in between
_TRUSTED_SECONDS = 2.0  # before that the measured pace is mostly start-up


@dataclass(frozen=True)
class CostModel:
    """Expected seconds of each kernel for data of a given size on this many cores."""

    n_samples: int
    n_coefficients: int
    n_cpus: int = 1

    def seconds(self, kernel: Kernel, *, n_genes: int) -> float:
        """Return the expected seconds of one pass of a kernel over `n_genes` genes."""
        constant, per_sample, per_pair = _COST[kernel]
        n_pairs = self.n_coefficients * (self.n_coefficients + 1) / 2
        microseconds = constant + self.n_samples * (per_sample + per_pair * n_pairs)
        return n_genes * microseconds / 1e6 / self.n_cpus

    def plan(self, *, n_genes: int, fit: bool, shrink: bool) -> float:
        """Return the expected seconds of an analysis, of which the fit may be stored already."""
        kernels: list[Kernel] = [*(_FIT if fit else ()), "test", *(("shrinkage",) if shrink else ())]
        return _OVERHEAD + sum(self.seconds(kernel, n_genes=n_genes) for kernel in kernels)


def usable_cpus() -> int:
    """Return how many cores a fit may use: those this process is allowed, at most `MAX_CPUS`."""
    return min(len(os.sched_getaffinity(0)), MAX_CPUS)


class Timeline:
    """Turns work done into a fraction of the whole and the time left.

    Parameters
    ----------
    report : Reporter
        Who listens.
    cost : CostModel
        What each kernel is expected to take.
    planned : float
        Expected seconds of the whole.
    """

    def __init__(self, report: Reporter, cost: CostModel, planned: float):
        self._report, self._cost, self._planned = report, cost, planned
        self._started = time.monotonic()
        self._spent = 0.0
        self._stage = "Starting"
        self._is_planned = True

    def stage(self, name: str, *, planned: bool = True) -> None:
        """Say what begins now, and whether the plan foresaw how much work it is."""
        self._stage, self._is_planned = name, planned
        self._tell()

    def passed(self, kernel: Kernel, n_genes: int) -> None:
        """Count a block of genes that a kernel has done."""
        seconds = self._cost.seconds(kernel, n_genes=n_genes)
        self._spent += seconds
        if not self._is_planned:
            self._planned += seconds
        self._tell()

    def _tell(self) -> None:
        elapsed = time.monotonic() - self._started
        # Work in the plan that no kernel does (importing, reading) passes with the clock.
        done = self._spent + min(elapsed, _OVERHEAD)
        trusted = elapsed > _TRUSTED_SECONDS and self._spent > 0.02 * self._planned
        pace = elapsed / done if trusted else 1.0
        left = max(self._planned - done, 0.0)
        self._report(self._stage, min(done / self._planned, 0.99), seconds_left=left * pace)
