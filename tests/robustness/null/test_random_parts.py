from __future__ import annotations

import numpy as np
import pytest

from core.robustness.null.random_parts import RANDOM_PARTS, RandomParts

RNG = np.random.default_rng(8)
LABELS = np.repeat([1.0, 0.0], 30)
NOISE = RNG.normal(7, 1, (400, 60))


def one_by_one(values: np.ndarray, n_case: int, n_control: int, n_chosen: int) -> tuple[float, float]:
    """The same in plain steps, part by part."""
    rng, shares = np.random.default_rng(1), []
    for _ in range(RANDOM_PARTS):
        part = np.zeros(60, dtype=bool)
        part[rng.choice(30, n_case, replace=False)] = True
        part[30 + rng.choice(30, n_control, replace=False)] = True

        def groups(inside: np.ndarray) -> list[np.ndarray]:
            return [values[:, inside & (group == LABELS)] for group in (1, 0)]

        case, control = groups(~part)
        error = np.sqrt(case.var(axis=1) / case.shape[1] + control.var(axis=1) / control.shape[1])
        rest = case.mean(axis=1) - control.mean(axis=1)
        mine = groups(part)
        chosen = np.argsort(-np.abs(rest) / error)[:n_chosen]
        same = rest * (mine[0].mean(axis=1) - mine[1].mean(axis=1)) > 0
        shares.append(same[chosen].mean())
    return tuple(np.quantile(shares, [0.05, 0.95]))


@pytest.mark.parametrize("shift", [0.0, 0.6])
def test_all_parts_at_once_give_what_one_at_a_time_gives(shift: float):
    values = NOISE + shift * LABELS * (np.arange(400) < 100)[:, None]
    found = RandomParts(values, LABELS).agreement(8, 6, n_chosen=80)
    assert found == pytest.approx(one_by_one(values, 8, 6, 80), abs=1e-9)


def test_noise_agrees_in_half_and_an_effect_in_more():
    low, high = RandomParts(NOISE, LABELS).agreement(8, 8, n_chosen=100)
    assert low < 0.5 < high
    effect = NOISE + 1.0 * LABELS * (np.arange(400) < 100)[:, None]
    assert RandomParts(effect, LABELS).agreement(8, 8, n_chosen=100)[0] > 0.8


@pytest.mark.parametrize(("n_case", "n_chosen"), [(28, 50), (8, 0)])
def test_where_nothing_can_be_drawn_it_is_not_known(n_case: int, n_chosen: int):
    assert np.isnan(RandomParts(NOISE, LABELS).agreement(n_case, 8, n_chosen=n_chosen)).all()
