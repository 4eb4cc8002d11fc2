from __future__ import annotations

import pytest

from core.de import timing
from core.de.timing import CostModel, Timeline, usable_cpus


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


class Log:
    def __init__(self) -> None:
        self.reports: list[tuple[str, float, float | None]] = []

    def __call__(self, stage: str, fraction: float, *, seconds_left: float | None = None) -> None:
        self.reports.append((stage, fraction, seconds_left))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timing, "time", clock)
    return clock


def test_cost_grows_with_genes_samples_and_coefficients_and_shrinks_with_cores() -> None:
    base = CostModel(100, 3).seconds("fold changes", n_genes=1000)
    assert CostModel(100, 3).seconds("fold changes", n_genes=2000) == pytest.approx(2 * base)
    assert CostModel(300, 3).seconds("fold changes", n_genes=1000) > base
    assert CostModel(100, 9).seconds("fold changes", n_genes=1000) > base
    assert CostModel(100, 3, n_cpus=2).seconds("fold changes", n_genes=1000) == pytest.approx(base / 2)


def test_plan_leaves_out_what_is_stored() -> None:
    cost = CostModel(100, 3)
    whole = cost.plan(n_genes=10_000, fit=True, shrink=True)
    assert whole > cost.plan(n_genes=10_000, fit=True, shrink=False)
    assert cost.plan(n_genes=10_000, fit=True, shrink=False) > cost.plan(
        n_genes=10_000, fit=False, shrink=False
    )


def test_time_left_is_there_from_the_first_report(clock: Clock) -> None:
    log = Log()
    Timeline(log, CostModel(100, 3), 60.0).stage("Starting")
    assert log.reports == [("Starting", 0.0, 60.0)]


def test_time_left_follows_the_measured_pace(clock: Clock) -> None:
    log, cost = Log(), CostModel(100, 3)
    timeline = Timeline(log, cost, 4.0 + 2 * cost.seconds("dispersions", n_genes=100_000))
    timeline.stage("Estimating dispersions")
    half = cost.seconds("dispersions", n_genes=100_000)
    clock.now = 2 * (4.0 + half)  # twice as slow as planned
    timeline.passed("dispersions", 100_000)
    _, fraction, left = log.reports[-1]
    assert fraction == pytest.approx((4.0 + half) / (4.0 + 2 * half))
    assert left == pytest.approx(2 * half)


def test_unplanned_work_never_moves_the_fraction_back_or_beyond_the_whole(clock: Clock) -> None:
    log = Log()
    timeline = Timeline(log, CostModel(100, 3), 20.0)
    timeline.passed("dispersions", 20_000)
    timeline.stage("Replacing outlier counts", planned=False)
    for _ in range(5):
        timeline.passed("dispersions", 20_000)
    timeline.stage("Testing")
    fractions = [fraction for _, fraction, _ in log.reports]
    assert fractions == sorted(fractions)
    assert fractions[-1] < 1


def test_usable_cpus_is_at_least_one_and_bounded() -> None:
    assert 1 <= usable_cpus() <= timing.MAX_CPUS
