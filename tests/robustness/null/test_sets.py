from __future__ import annotations

import numpy as np
import pandas as pd

from core.pathways.sets.themes import load_themes
from core.robustness.null.sets import theme_against_random


def table(*, shift: float) -> pd.DataFrame:
    """A comparison whose immune genes are shifted; other genes are noise."""
    themes = {t.name: sorted({g for m in t.sets for g in m.genes}) for t in load_themes()}
    immune = themes["Immune system"][:300]
    symbols = [*immune, *themes["Gene regulation"][:200], *(f"X{i}" for i in range(3000))]
    symbols = list(dict.fromkeys(symbols))
    rng = np.random.default_rng(5)
    stat = rng.normal(size=len(symbols)) + shift * np.isin(symbols, immune)
    return pd.DataFrame(
        {
            "gene": symbols,
            "symbol": symbols,
            "baseMean": np.exp(rng.normal(5, 2, len(symbols))),
            "log2FoldChange": stat / 10,
            "stat": stat,
            "pvalue": rng.random(len(symbols)),
            "padj": 1.0,
        }
    )


def test_a_shifted_theme_stands_out_and_others_do_not():
    found = theme_against_random(table(shift=-0.5), draws=200).set_index("theme")
    assert found.loc["Immune system", "pvalue"] == 1 / 201
    assert found.loc["Immune system", "mean"] < found.loc["Immune system", "low"]
    calm = theme_against_random(table(shift=0.0), draws=200).set_index("theme")
    assert (calm["pvalue"] > 0.01).all()
    assert (calm["low"] < calm["high"]).all()


def test_it_is_the_same_every_time_and_empty_without_symbols():
    one, other = (theme_against_random(table(shift=0.3), draws=50) for _ in range(2))
    pd.testing.assert_frame_equal(one, other)
    assert theme_against_random(table(shift=0.3).assign(symbol="")).empty
