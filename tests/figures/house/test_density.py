from __future__ import annotations

import numpy as np

from core.figures.house.density import BAND, density_layer


def shades(x: list[float], y: list[float], sign: list[int]) -> np.ndarray:
    layer = density_layer(
        np.array(x), np.array(y), np.array(sign, dtype=np.int8), x_range=(-1, 1), y_range=(0, 1)
    )
    return np.asarray(layer.z)


def test_each_kind_of_gene_has_its_band() -> None:
    z = shades([-0.5, 0.5, 0.9], [0.5, 0.5, 0.1], [-1, 1, 0])
    assert sorted(value // BAND for value in z[z > 0] - 1) == [0, 1, 2]


def test_denser_is_darker_and_nothing_is_transparent() -> None:
    z = shades([0.5] * 9 + [0.9], [0.5] * 9 + [0.1], [0] * 10)
    assert np.unique(z[z > 0]).size == 2
    assert (z == 0).sum() == z.size - 2
    assert z.dtype == np.uint8


def test_signs_do_not_share_a_cell_at_zero() -> None:
    z = shades([-1e-6, 1e-6], [0.5, 0.5], [-1, 1])
    assert (z > 0).sum() == 2


def test_no_gene_at_all() -> None:
    assert not shades([], [], []).any()
