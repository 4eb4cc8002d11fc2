"""What a ladder says of its rungs, told apart at every limit, on genes written by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from core.de.spec import DESpec
from core.robustness.ladder.run import Ladder, Rung
from core.robustness.ladder.summary import (
    StepChange,
    gene_rungs,
    overlap,
    passing,
    rung_counts,
    step_change,
    theme_stability,
)
from core.robustness.subgroups.shares import wilson

LABELS = ["crude", "+ age", "+ cells"]
# By gene: log2 fold change and adjusted p at three rungs; the standard error is 0.1, 0.2 and 0.4.
GENES = {
    "stays": [(2.0, 0.01), (1.6, 0.01), (1.0, 0.01)],
    "goes": [(1.0, 0.01), (0.5, 0.01), (0.1, 0.90)],
    "turns": [(1.0, 0.01), (-1.0, 0.01), (-1.0, 0.01)],
    "comes": [(-0.4, 0.30), (-0.5, 0.04), (-0.5, 0.05)],
    "empty": [(np.nan, np.nan), (np.nan, np.nan), (np.nan, np.nan)],
    "thinned": [(-2.0, 0.01), (np.nan, np.nan), (-2.0, 0.01)],
    "wavers": [(0.5, 0.50), (-0.5, 0.50), (0.5, 0.50)],
    "nought": [(0.5, 0.50), (0.0, 0.99), (0.5, 0.50)],
    "naught": [(-0.5, 0.50), (0.0, 0.99), (-0.5, 0.50)],
    "almost": [(-0.2, 0.06), (-0.2, 0.06), (-0.2, 0.06)],
}
THEMES = pd.DataFrame(
    [
        ("Immune", "", 0, -0.6),
        ("Immune", "", 1, -0.3),
        ("Immune", "", 2, -0.1),
        ("Immune", "Interferon", 0, -0.5),
        ("Growth", "", 0, 0.4),
        ("Growth", "", 1, 0.5),
        ("Growth", "", 2, -0.1),
        ("Flat", "", 0, 0.0),
        ("Flat", "", 1, 0.0),
        ("Flat", "", 2, 0.0),
    ],
    columns=["theme", "sub_theme", "rung", "difference"],
)


def ladder(*, freedom: float | None = None, themes: pd.DataFrame = THEMES) -> Ladder:
    genes: dict[str, Any] = {"gene": list(GENES), "symbol": list(GENES)}
    for number, error in enumerate((0.1, 0.2, 0.4)):
        steps = [steps[number] for steps in GENES.values()]
        genes[f"lfc_{number}"] = [lfc for lfc, _ in steps]
        genes[f"padj_{number}"] = [padj for _, padj in steps]
        genes[f"se_{number}"] = [np.nan if np.isnan(lfc) else error for lfc, _ in steps]
    rungs = [
        Rung(label, (label[2:],) if number else (), (), 9 - number, 8, 6, 1.0, freedom)
        for number, label in enumerate(LABELS)
    ]
    limits = themes.assign(lower=themes["difference"] - 1, upper=themes["difference"] + 1, n_sets=1)
    spec = DESpec("group", "TRD", "non-TRD")
    return Ladder(spec, "d", tuple(rungs), (), pd.DataFrame(genes), limits, limits.iloc[:0], simulated=True)


@pytest.mark.parametrize(
    ("vanished", "of", "outcome"),
    [
        (19, 19, "nothing"),
        (18, 20, "collapses"),
        (17, 20, "mostly vanishes"),
        (10, 20, "mostly vanishes"),
        (9, 20, "weakens"),
        (4, 20, "weakens"),
        (3, 20, "persists"),
        (0, 20, "persists"),
    ],
)
def test_each_outcome_begins_at_its_share(vanished: int, of: int, outcome: str):
    assert StepChange(wilson(vanished, of), 0, 0.0, 1.0).outcome == outcome


def test_thresholds_hold_at_their_edges():
    def found(**limits: float) -> set[str]:
        return {name for name, passes in zip(GENES, passing(ladder(), 2, **limits), strict=True) if passes}

    assert found() == {"stays", "turns", "thinned"}
    assert found(alpha=0.06) == {"stays", "turns", "thinned", "comes"}
    assert found(min_lfc=1.0) == {"stays", "turns", "thinned"}
    assert found(min_lfc=1.1) == {"thinned"}


def test_rungs_are_counted():
    table = rung_counts(ladder())
    assert list(table["label"]) == LABELS
    assert list(table["added"]) == ["", "age", "cells"]
    assert table[["n_case", "n_control", "n_active"]].to_numpy().tolist() == [[9, 8, 6], [8, 8, 6], [7, 8, 6]]
    counts = table[["n", "n_up", "n_down", "kept", "lost", "new"]].to_numpy().tolist()
    # At the second rung one gene has turned, one is new and one was not tested.
    assert counts == [[4, 3, 1, 4, 0, 0], [4, 2, 2, 2, 2, 2], [3, 1, 2, 2, 2, 1]]
    assert list(rung_counts(ladder(), min_lfc=0.9)["n"]) == [4, 2, 3]
    assert list(rung_counts(ladder(), alpha=0.005)["n"]) == [0, 0, 0]


def test_what_two_rungs_share_has_one_direction():
    table = overlap(ladder())
    assert list(table.index) == list(table.columns) == LABELS
    assert table.to_numpy().tolist() == [[4, 2, 2], [2, 4, 2], [2, 2, 3]]
    assert overlap(ladder(), min_lfc=0.9).to_numpy().tolist() == [[4, 1, 2], [1, 2, 2], [2, 2, 3]]
    assert overlap(ladder(), alpha=0.06).loc["+ age", "+ cells"] == 3


def test_a_step_says_what_vanished_shrank_and_widened():
    change = step_change(ladder(), 0, 2)
    assert (change.vanished.k, change.vanished.n, change.n_new) == (2, 4, 0)
    # Of the four: half as large, a tenth, turned round, and as before.
    assert change.attenuation == pytest.approx(np.median([0.5, 0.9, 2.0, 0.0]))
    assert change.widening == pytest.approx(4)
    one = step_change(ladder(), 0, 1)
    assert (one.vanished.k, one.n_new) == (2, 1)
    assert one.attenuation == pytest.approx(np.median([0.2, 0.5, 2.0]))
    assert step_change(ladder(), 0, 1, min_lfc=0.9).vanished.k == 3
    none = step_change(ladder(), 0, 1, alpha=0.001)
    assert none.vanished.n == 0
    assert np.isnan([none.attenuation, none.widening]).all()


def test_a_gene_along_the_ladder():
    found = gene_rungs(ladder(), "stays")
    assert found is not None
    assert (found.same_sign, found.always_significant) == (True, True)
    assert list(found.rows["label"]) == LABELS
    assert list(found.rows["attenuation"]) == pytest.approx([0, 0.2, 0.5])
    assert list(found.rows["low"]) == pytest.approx([2 - 0.196, 1.6 - 0.392, 1 - 0.784], abs=1e-3)
    assert list(found.rows["high"]) == pytest.approx([2 + 0.196, 1.6 + 0.392, 1 + 0.784], abs=1e-3)
    wide = gene_rungs(ladder(freedom=5.0), "stays")
    assert wide is not None
    assert wide.rows["high"][0] == pytest.approx(2 + 0.257, abs=1e-3)


@pytest.mark.parametrize(
    ("gene", "same_sign", "always"),
    [
        ("goes", True, False),
        ("turns", False, True),
        ("comes", True, False),
        ("thinned", True, False),
        ("wavers", False, False),
        ("nought", False, False),
        ("naught", False, False),
        ("almost", True, False),
    ],
)
def test_sign_and_significance_of_a_gene(gene: str, same_sign: bool, always: bool):
    found = gene_rungs(ladder(), gene)
    assert found is not None
    assert (found.same_sign, found.always_significant) == (same_sign, always)


def test_an_adjusted_p_of_the_threshold_itself_is_not_significant():
    assert not gene_rungs(ladder(), "stays", alpha=0.01).always_significant
    assert gene_rungs(ladder(), "stays", alpha=0.011).always_significant


@pytest.mark.parametrize("gene", ["empty", "unheard of"])
def test_a_gene_that_was_not_tested_has_no_rungs(gene: str):
    assert gene_rungs(ladder(), gene) is None


def test_themes_along_the_ladder():
    table = theme_stability(ladder())
    assert list(table["label"]) == LABELS * 3
    assert "Interferon" not in set(table["sub_theme"])
    immune = table[table["theme"] == "Immune"]
    assert list(immune["attenuation"]) == pytest.approx([0, 0.5, 1 - 0.1 / 0.6])
    same = table.groupby("theme")["same_sign"].first()
    assert same.to_dict() == {"Immune": True, "Growth": False, "Flat": False}


def test_without_themes_there_is_an_empty_table():
    table = theme_stability(ladder(themes=THEMES.iloc[:0]))
    assert table.empty
    assert {"label", "attenuation", "same_sign"} <= set(table.columns)
