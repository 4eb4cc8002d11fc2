from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.pathways.enrichment.expression import Expression
from core.pathways.reading.theme_summary import carriers_of, summarise_themes
from core.pathways.sets.blood_cells import NO_MARKER, cell_markers, cells_of
from core.pathways.sets.match import match_sets
from core.pathways.sets.themes import Theme, ThemeSet
from tests.pathways.comparisons import collection, comparison, gene_name, matched

N = 40
THEME = Theme(
    "Immune system",
    (
        ThemeSet("Immune system", "Innate", "mine", "a", "x"),
        ThemeSet("Immune system", "Innate", "mine", "b", "x"),
        ThemeSet("Immune system", "Adaptive", "mine", "c", "x"),
        ThemeSet("Immune system", "Adaptive", "mine", "untested", "x"),
    ),
)


def summary(*, effect: float, seed: int = 1, n_genes: int = 600):
    ranking, _ = matched(comparison(), collection({"a": range(20)}))
    mine = collection({"a": range(20), "b": range(20, 60), "c": range(60, 100), "other": range(200, 240)})
    sets = match_sets([mine], ranking, min_size=2, max_size=500, themes=[THEME])
    table = sets.table.assign(
        nes=[2.0, 1.0, -1.0, 0.0],
        significant=[True, True, False, False],
        flag=["", "genes move together", "", ""],
        direction=["up", "up", "down", "up"],
        leading_edge=["GENE0001;GENE0002", "GENE0020", "GENE0060", ""],
    )
    rng = np.random.default_rng(seed)
    group = np.arange(N) % 2
    values = rng.normal(size=(n_genes, N))
    shared = rng.normal(size=N)
    innate = np.isin(ranking.symbols, [gene_name(n) for n in range(60)])
    values[innate] += shared + effect * group
    samples = pd.Index([f"S{n:02d}" for n in range(N)], name="sample")
    design = pd.DataFrame({"Intercept": 1.0, "group": group.astype(float)}, index=samples)
    expression = Expression(values, np.ones_like(values), design, pd.Series(group, index=samples))
    tables = summarise_themes([THEME], table, sets, ranking=ranking, expression=expression)
    return tables, ranking


def test_rows_counts_and_direction():
    tables, _ = summary(effect=2.0)
    themes = tables.themes.set_index("sub_theme")
    assert list(themes.index) == ["", "Innate", "Adaptive"]
    assert themes["n_listed"].tolist() == [4, 2, 2]
    assert themes["n_sets"].tolist() == [3, 2, 1]
    assert themes["n_significant"].tolist() == [1, 1, 0]
    assert themes["n_flagged"].tolist() == [1, 1, 0]
    assert themes.loc["Innate", "direction"] == "up"
    assert themes.loc["Innate", "mean_nes"] == pytest.approx(1.5)
    assert themes.loc["Adaptive", "lower"] < themes.loc["Adaptive", "difference"]
    assert tables.scores.shape == (3, N)


def test_the_interval_covers_nothing_where_there_is_nothing_however_correlated_the_genes():
    covered = []
    for seed in range(120):
        row = summary(effect=0.0, seed=seed)[0].themes.set_index("sub_theme").loc["Innate"]
        covered.append(row["lower"] < 0 < row["upper"])
    assert np.mean(covered) > 0.9


def test_carriers_come_from_sound_sets_only():
    tables, _ = summary(effect=2.0)
    assert set(tables.themes["carriers"][0].split(";")) == {"GENE0001", "GENE0002"}


def test_carriers_are_ordered_by_how_many_sets_share_them():
    ranking, _ = matched(comparison(), collection({"a": range(20)}))
    table = pd.DataFrame(
        {
            "significant": [True, True, True, False],
            "flag": ["", "", "x", ""],
            "leading_edge": ["GENE0001;GENE0002", "GENE0002;GENE0003", "GENE0004", "GENE0005"],
        }
    )
    carriers = carriers_of(table, ranking)
    assert carriers[0] == "GENE0002"
    assert set(carriers) == {"GENE0001", "GENE0002", "GENE0003"}


def test_cells_count_markers_and_admit_what_is_not_known():
    markers = cell_markers()
    assert {"Neutrophils", "Platelets", "NK cells"} <= set(markers)
    assert "CXCR2" in markers["Neutrophils"]
    genes = [*sorted(markers["Platelets"])[:3], "SYN1"]
    table = cells_of(genes, tested=[*genes, "ACTB", "ALB"]).set_index("cell")
    assert table.loc["Platelets", "n_genes"] == 3
    assert table.loc["Platelets", "share"] == pytest.approx(0.75)
    assert table.index[0] == "Platelets"
    assert table.index[-1] == NO_MARKER
    assert "SYN1" in table.loc[NO_MARKER, "genes"].split(";")


def test_no_genes_is_no_share():
    table = cells_of([], tested=["ACTB"])
    assert (table["n_genes"] == 0).all()
    assert (table["share"] == 0).all()
