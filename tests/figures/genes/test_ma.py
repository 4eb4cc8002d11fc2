from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.figures.genes.ma import ma
from core.figures.house.cloud import Highlight
from core.figures.house.selection import Thresholds
from core.figures.house.theme import alt_text
from tests.figures.genes.test_volcano import CONTRAST, names, trace


def test_points_are_at_their_mean_on_a_log_axis(table: pd.DataFrame) -> None:
    figure = ma(table, contrast=CONTRAST)
    higher = trace(figure, "Higher")
    row = table.set_index("gene").loc[higher.customdata[0]]
    assert figure.layout.xaxis.type == "log"
    assert higher.x[0] == pytest.approx(row["baseMean"], rel=1e-5)
    assert higher.y[0] == pytest.approx(row["log2FoldChange"], rel=1e-5)


def test_shading_covers_the_same_axis(table: pd.DataFrame) -> None:
    layer = next(t for t in ma(table, contrast=CONTRAST).data if t.name == "density")
    assert np.min(layer.x) == pytest.approx(table["baseMean"].min(), rel=0.5)
    assert np.all(np.diff(layer.x) > 0)


def test_genes_without_p_value_are_drawn_and_those_without_expression_not(table: pd.DataFrame) -> None:
    table.loc[0, ["pvalue", "padj"]] = np.nan
    table.loc[1, "baseMean"] = 0.0
    figure = ma(table, contrast=CONTRAST, highlight=Highlight(basket=table["gene"][:2], top=0))
    assert names(figure) == [table["symbol"][0]]


def test_the_fold_change_threshold_is_drawn(table: pd.DataFrame) -> None:
    lines = ma(table, contrast=CONTRAST, thresholds=Thresholds(lfc=0.3)).layout.shapes
    assert sorted(line.y0 for line in lines) == [-0.3, 0, 0.3]


def test_off_scale_genes_stand_at_the_edge(table: pd.DataFrame) -> None:
    table.loc[0, ["log2FoldChange", "pvalue", "padj"]] = [-9.0, 1e-20, 1e-18]
    figure = ma(table, contrast=CONTRAST)
    off = trace(figure, "off scale")
    at = list(off.customdata).index(table["gene"][0])
    assert off.y[at] == figure.layout.yaxis.range[0]
    assert off.marker.symbol[at] == "triangle-down-open"


def test_nothing_to_draw(table: pd.DataFrame) -> None:
    assert "No gene" in alt_text(ma(table.assign(log2FoldChange=np.nan), contrast=CONTRAST))
