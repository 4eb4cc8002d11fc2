from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from core.figures.genes.volcano import volcano
from core.figures.house.cloud import Highlight
from core.figures.house.selection import Thresholds, directions
from core.figures.house.theme import DOWN, UP, alt_text

CONTRAST = ("TRD", "non-TRD")


def trace(figure: go.Figure, start: str) -> go.Scatter:
    return next(t for t in figure.data if t.name.startswith(start))


def names(figure: go.Figure) -> list[str]:
    return [a.text for a in figure.layout.annotations if a.name == "gene"]


def test_colour_and_symbol_follow_direction(table: pd.DataFrame) -> None:
    figure = volcano(table, contrast=CONTRAST)
    higher, lower = trace(figure, "Higher"), trace(figure, "Lower")
    assert (higher.marker.color, higher.marker.symbol) == (UP, "triangle-up")
    assert (lower.marker.color, lower.marker.symbol) == (DOWN, "triangle-down")
    assert np.min(higher.x) > 0 > np.max(lower.x)


def test_legend_counts_every_gene_once(table: pd.DataFrame) -> None:
    sign = directions(table, Thresholds())
    figure = volcano(table, contrast=CONTRAST)
    assert trace(figure, "Higher").name == f"Higher in TRD, n = {(sign > 0).sum():,}"
    assert trace(figure, "Lower").name == f"Lower in TRD, n = {(sign < 0).sum():,}"
    assert trace(figure, "Not sig").name == f"Not significant, n = {(sign == 0).sum():,}"


def test_a_point_knows_its_gene(table: pd.DataFrame) -> None:
    higher = trace(volcano(table, contrast=CONTRAST), "Higher")
    assert np.ndim(higher.customdata) == 1
    row = table.set_index("gene").loc[higher.customdata[0]]
    assert higher.text[0] == row["symbol"]
    assert higher.x[0] == pytest.approx(row["log2FoldChange"])
    assert higher.y[0] == pytest.approx(-np.log10(row["pvalue"]))


def test_beyond_the_limit_genes_are_shading_and_the_figure_says_so(table: pd.DataFrame) -> None:
    figure = volcano(table, contrast=CONTRAST, max_points=50)
    off_scale = [t for t in figure.data if t.name == "off scale"]
    drawn = len(trace(figure, "Higher").x) + len(trace(figure, "Lower").x)
    assert drawn <= 50
    assert drawn + sum(len(t.x) for t in off_scale) >= 40
    assert any("Points: 50 strongest" in (a.text or "") for a in figure.layout.annotations)
    weakest = table["pvalue"].nsmallest(50).max()
    assert min(np.min(trace(figure, n).y) for n in ("Higher", "Lower")) >= -np.log10(weakest) - 1e-4


def test_off_scale_genes_stand_at_the_edge_with_their_true_numbers(table: pd.DataFrame) -> None:
    table.loc[0, ["log2FoldChange", "pvalue", "padj"]] = [9.0, 1e-20, 1e-18]
    figure = volcano(table, contrast=CONTRAST)
    off = trace(figure, "off scale")
    at = list(off.customdata).index(table["gene"][0])
    assert off.x[at] == figure.layout.xaxis.range[1] < 9
    assert off.marker.symbol[at] == "triangle-up-open" or off.marker.symbol[at] == "triangle-right-open"
    assert "+9.00" in off.hovertext[at]


def test_a_p_value_of_zero_is_drawn_at_the_top(table: pd.DataFrame) -> None:
    table.loc[0, ["log2FoldChange", "pvalue", "padj"]] = [0.3, 0.0, 0.0]
    figure = volcano(table, contrast=CONTRAST)
    off = trace(figure, "off scale")
    at = list(off.customdata).index(table["gene"][0])
    assert off.y[at] == figure.layout.yaxis.range[1] < 300
    assert "< 10⁻³⁰⁰" in off.hovertext[at]


def test_all_p_values_zero(table: pd.DataFrame) -> None:
    figure = volcano(table.assign(pvalue=0.0, padj=0.0), contrast=CONTRAST)
    assert len(trace(figure, "off scale").x) == len(table)


def test_basket_and_selected_gene_are_ringed_and_named(table: pd.DataFrame) -> None:
    quiet = table.index[directions(table, Thresholds()) == 0]
    basket, selected = table["gene"][quiet[0]], table["gene"][quiet[1]]
    figure = volcano(
        table, contrast=CONTRAST, highlight=Highlight(basket=[basket, "unknown"], selected=selected, top=2)
    )
    ring = trace(figure, "named")
    assert list(ring.customdata) == [selected, basket]
    written = names(figure)
    assert f"<b>{table['symbol'][quiet[1]]}</b>" in written
    assert table["symbol"][quiet[0]] in written
    assert len(written) == 4


def test_names_cannot_inject_markup(table: pd.DataFrame) -> None:
    table.loc[0, ["symbol", "log2FoldChange", "pvalue", "padj"]] = ["<img src=x>", 0.3, 1e-9, 1e-8]
    figure = volcano(table, contrast=("<i>A", "B"), highlight=Highlight(selected=table["gene"][0]))
    assert "<b>&lt;img src=x&gt;</b>" in names(figure)
    assert "&lt;i&gt;A" in figure.layout.xaxis.title.text
    assert "<i>" not in trace(figure, "Higher").name


def test_shrunken_fold_changes_on_request(table: pd.DataFrame) -> None:
    figure = volcano(table, contrast=CONTRAST, effect="log2FoldChangeShrunken")
    assert figure.layout.xaxis.title.text.startswith("shrunken")


def test_alternative_has_the_numbers(table: pd.DataFrame) -> None:
    sign = directions(table, Thresholds(padj=0.01))
    alt = alt_text(volcano(table, contrast=CONTRAST, thresholds=Thresholds(padj=0.01), simulated=True))
    assert alt.startswith("Simulated data.")
    assert f"{(sign > 0).sum():,} are higher" in alt
    assert "p < 0.01" in alt


def test_untested_genes_are_left_out_and_none_tested_explains_itself(table: pd.DataFrame) -> None:
    table.loc[:9, ["pvalue", "padj"]] = np.nan
    assert f"{len(table) - 10:,} tested" in alt_text(volcano(table, contrast=CONTRAST))
    nothing = volcano(table.assign(pvalue=np.nan), contrast=CONTRAST)
    assert "No gene was tested" in alt_text(nothing)
    assert "No gene was tested" in alt_text(volcano(table.iloc[:0], contrast=CONTRAST))


def test_one_gene(table: pd.DataFrame) -> None:
    assert "1 tested" in alt_text(volcano(table.iloc[:1], contrast=CONTRAST))


def test_a_large_result_stays_small_on_the_wire() -> None:
    from tests.figures.conftest import made_up

    assert len(volcano(made_up(20_000), contrast=CONTRAST).to_json()) < 400_000
