from __future__ import annotations

import numpy as np
import pytest

from core.figures.genes.pvalues import pvalue_histogram
from core.figures.house.theme import alt_text


def test_every_p_value_is_in_a_bar() -> None:
    values = [0.0, 1.0, 0.5, np.nan, 0.01]
    figure = pvalue_histogram(values, bins=20)
    assert sum(figure.data[0].y) == 4
    assert figure.data[0].name == "tested genes, n = 4"


def test_the_level_is_where_genes_without_a_difference_would_be() -> None:
    figure = pvalue_histogram(np.linspace(0, 1, 400), pi0=0.8, bins=40)
    assert list(figure.data[1].y) == [pytest.approx(8.0)] * 2
    assert "80 %" in figure.data[1].name


def test_the_verdict_is_in_the_alternative() -> None:
    alt = alt_text(pvalue_histogram([0.01] * 30 + [0.5] * 70, verdict="A clear signal.", pi0=0.7))
    assert alt.endswith("About 70 % of genes show no difference. A clear signal.")
    assert "30 are below 0.05, where 5 are expected" in alt


def test_no_p_value() -> None:
    assert "no histogram" in alt_text(pvalue_histogram([np.nan]))
