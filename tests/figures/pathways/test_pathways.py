"""Figures of gene sets: what they draw, what they say, and that nobody can be known from them."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from core.figures.house.selection import Thresholds
from core.figures.house.theme import DOWN, GREY, UP, alt_text
from core.figures.pathways.compare import strength_against
from core.figures.pathways.dots import set_dots
from core.figures.pathways.heatmap import set_heatmap
from core.figures.pathways.map import set_map
from core.figures.pathways.running import running_figure
from core.figures.pathways.scores import set_scores
from core.figures.pathways.themes import theme_strengths
from core.figures.pathways.volcano import set_volcano
from core.figures.pathways.words import set_label, short_label
from tests.figures.marks import is_simulated

CONTRAST = ("TRD", "non-TRD")
NASTY = "<b>x</b> & y"


def sets(n: int = 6) -> pd.DataFrame:
    """Rows of a result's table, every other one lower, the last one flagged."""
    up = np.arange(n) % 2 == 0
    return pd.DataFrame(
        {
            "key": [f"btm/set {i}" for i in range(n)],
            "set": [f"set {i}" for i in range(n)],
            "collection": "btm",
            "direction": np.where(up, "up", "down"),
            "size": 10 + 20 * np.arange(n),
            "pvalue": 10.0 ** -np.arange(1, n + 1),
            "padj": 10.0 ** -np.arange(n),
            "flag": [""] * (n - 1) + ["genes move together"][:n],
            "nes": np.where(up, 1.5, -1.5) + 0.1 * np.arange(n),
            "others": np.arange(n),
            "x": np.linspace(-1, 1, n),
            "y": np.linspace(1, -1, n),
        }
    )


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("HALLMARK_INTERFERON_ALPHA_RESPONSE", "Interferon alpha response"),
        ("HALLMARK_IL6_JAK_STAT3_SIGNALING", "IL6 JAK STAT3 signaling"),
        ("REACTOME_NEUTROPHIL_DEGRANULATION", "Neutrophil degranulation"),
        ("histone methylation (GO:0016571)", "histone methylation"),
        ("B cell receptor signaling pathway (WP23)", "B cell receptor signaling pathway (WP23)"),
        ("enriched in neutrophils (I) (M37.1)", "enriched in neutrophils (I) (M37.1)"),
        ("TBA (M72.1)", "TBA (M72.1)"),
        ("MY_OWN SET", "MY_OWN SET"),
        ("DNA", "DNA"),
        ("(GO:0000001)", "(GO:0000001)"),
    ],
)
def test_names_of_sets_as_people_read_them(name: str, label: str) -> None:
    assert set_label(name) == label


def test_long_names_are_cut_at_a_word() -> None:
    short = short_label("regulation of neuron projection development (GO:0010975)", most=25)
    assert short == "regulation of neuron…"
    assert short_label("short", most=25) == "short"


def dots(**changes: object):
    options = {"strength": "nes", "axis": "NES, TRD vs non-TRD", "case": "TRD"}
    return set_dots(sets(), **{**options, **changes})


def test_direction_and_flag_are_seen_without_colour() -> None:
    marks = {trace.name: trace.marker for trace in dots().data}
    assert marks["Higher in TRD"].symbol == "triangle-up"
    assert marks["Higher in TRD"].color == UP
    assert marks["Lower in TRD"].symbol == "triangle-down"
    flagged = marks["Lower in TRD, only because its genes move together"]
    assert (flagged.symbol, flagged.color) == ("triangle-down-open", DOWN)


def test_each_dot_carries_its_set() -> None:
    drawn = {key for trace in dots().data for key in trace.customdata}
    assert drawn == set(sets()["key"])
    words = alt_text(dots())
    assert "Dot plot of 6 gene sets" in words
    assert "Strongest higher in TRD: set 4" in words
    assert "Strongest lower in TRD: set 1" in words


def test_names_cannot_write_into_the_figure() -> None:
    figure = set_dots(sets().assign(set=NASTY), strength="nes", axis="NES", case=NASTY)
    drawn = json.loads(figure.to_json())
    del drawn["layout"]["meta"]  # the text alternative is text, and the page treats it so
    assert "<b>x</b>" not in json.dumps(drawn)


def test_no_set_is_said() -> None:
    assert "nothing to draw" in alt_text(set_dots(sets(0), strength="nes", axis="NES", case="TRD"))
    empty = set_map(sets(0), edges=np.empty((0, 2), dtype=np.intp), case="TRD")
    assert "no map" in alt_text(empty)
    table = pd.DataFrame(columns=["key", "set", "x", "y", "kept", "x_padj", "y_padj"])
    assert "no set in common" in alt_text(strength_against(table, axes=("a", "b")))


def test_the_map_joins_sets_and_grows_with_what_they_stand_for() -> None:
    figure = set_map(sets(), edges=np.array([[0, 1], [2, 3]]), case="TRD", selected="btm/set 2")
    lines = figure.data[0]
    assert np.isnan(np.asarray(lines.x, dtype=float)).sum() == 2
    up = next(trace for trace in figure.data if trace.name == "Higher in TRD")
    assert list(up.marker.size) == sorted(up.marker.size)
    assert "stand for 15 more" in alt_text(figure)
    assert any(trace.name == "in focus" for trace in figure.data)


def walk(sign: int = 1):
    rng = np.random.default_rng(1)
    positions = np.sort(rng.choice(100, 12, replace=False)) if sign > 0 else np.arange(80, 92)
    curve = np.cumsum(np.where(np.isin(np.arange(1000), positions), 0.08, -0.001)) * sign
    return positions, curve


@pytest.mark.parametrize("sign", [1, -1])
def test_the_running_score_keeps_its_peak_and_every_gene(sign: int) -> None:
    positions, curve = walk(sign)
    peak = int(np.abs(curve).argmax())
    figure = running_figure(
        curve,
        positions=positions,
        symbols=[f"G{i}" for i in positions],
        leading=positions <= peak,
        peak=peak,
        case="TRD",
        name="a set",
    )
    line = figure.data[0]
    assert peak in line.x
    assert line.line.color == (UP if sign > 0 else DOWN)
    hovered = [gene for trace in figure.data if trace.mode == "markers" for gene in trace.customdata]
    assert sorted(hovered) == sorted(f"G{i}" for i in positions)
    assert "of its 12 genes are in the leading edge" in alt_text(figure)


def test_strengths_say_direction_only_where_the_interval_does() -> None:
    rows = pd.DataFrame(
        {
            "theme": ["Immune", "Immune", "Stress"],
            "sub_theme": ["", "Innate", ""],
            "difference": [-0.5, 0.1, np.nan],
            "lower": [-0.8, -0.2, np.nan],
            "upper": [-0.2, 0.4, np.nan],
            "n_sets": [5, 3, 0],
        }
    )
    figure = theme_strengths(rows, contrast=CONTRAST, simulated=True)
    assert [trace.marker.color for trace in figure.data] == [DOWN, GREY]
    assert [trace.marker.symbol for trace in figure.data] == ["triangle-down", "circle"]
    assert "Immune −0.50 (−0.80 to −0.20); Immune, Innate +0.10" in alt_text(figure)
    assert is_simulated(figure)
    nothing = theme_strengths(rows.iloc[2:], contrast=CONTRAST)
    assert "No theme has a strength" in alt_text(nothing)


@pytest.fixture
def patients(samples: pd.DataFrame) -> pd.DataFrame:
    return samples.assign(score=np.log(samples["normalised"]) - 4).drop(columns="normalised")


def means(patients: pd.DataFrame) -> pd.DataFrame:
    found = patients.groupby("group")["score"].agg(["size", "mean"]).loc[["non-TRD", "TRD"]].reset_index()
    found = found.rename(columns={"size": "n"})
    return found.assign(lower=found["mean"] - 0.1, upper=found["mean"] + 0.1)


def test_every_patient_is_a_point_and_none_can_be_known(patients: pd.DataFrame) -> None:
    figure = set_scores(patients, means=means(patients), name="a set")
    assert sum(len(trace.x) for trace in figure.data if "mean" not in trace.name) == len(patients)
    assert "patient-0" not in figure.to_json()
    assert "95 % interval" in alt_text(figure)
    assert set_scores(patients, means=means(patients), name="a set").to_json() == figure.to_json()


def test_the_heatmap_says_who_its_columns_are(patients: pd.DataFrame) -> None:
    ordered = patients.sort_values("group", ascending=False, kind="stable").reset_index(drop=True)
    heat = np.random.default_rng(1).normal(size=(5, len(ordered)))
    genes = tuple(f"G{i}" for i in range(5))
    options = {"genes": genes, "patients": ordered, "groups": ("non-TRD", "TRD"), "name": "a set"}
    figure = set_heatmap(heat, **options)
    bands = [trace for trace in figure.data if trace.yaxis == "y2"]
    assert [band.text[0][0].split(":")[0] for band in bands] == ["group", "sex", "centre"]
    assert {"female", "male"} <= {str(trace.name).split(",")[0] for trace in figure.data}
    assert "patient-0" not in figure.to_json()
    plain = set_heatmap(heat, **{**options, "patients": ordered.assign(sex=None, centre=None)})
    assert len([trace for trace in plain.data if trace.yaxis == "y2"]) == 1
    assert "No gene" in alt_text(set_heatmap(np.empty((0, 0)), **{**options, "genes": ()}))


def test_the_heatmap_leaves_room_for_the_mark(patients: pd.DataFrame) -> None:
    heat = np.zeros((5, len(patients)))
    options = {"genes": tuple("abcde"), "patients": patients, "groups": ("non-TRD", "TRD"), "name": "a set"}
    assert set_heatmap(heat, **options, simulated=True).layout.yaxis.range[0] > 6
    assert set_heatmap(heat, **options).layout.yaxis.range[0] == 4.5


def test_the_volcano_rings_the_set(table: pd.DataFrame) -> None:
    members = table["gene"].iloc[:20].tolist()
    figure = set_volcano(
        table,
        members=members,
        leading=members[:3],
        name="a set",
        contrast=CONTRAST,
        thresholds=Thresholds(),
    )
    assert list(figure.data[-1].customdata) == members
    assert "Ringed are 20 genes of a set" in alt_text(figure)


def test_two_comparisons_are_told_apart_by_shape() -> None:
    table = pd.DataFrame(
        {
            "key": list("abcd"),
            "set": list("abcd"),
            "x": [1.0, 2.0, -1.0, 0.5],
            "y": [1.1, 0.2, -2.0, 0.4],
            "x_padj": 0.01,
            "y_padj": 0.02,
            "kept": ["both", "first", "second", "neither"],
        }
    )
    figure = strength_against(table, axes=("NES here", "NES there"), selected="a")
    symbols = {trace.name.split(",")[0]: trace.marker.symbol for trace in figure.data}
    assert symbols["Only here"] != symbols["Only there"]
    assert "1 are significant in both, 1 only in the first, 1 only in the second" in alt_text(figure)


def test_dots_draw_the_interval_where_the_test_gives_one():
    rows = sets().assign(lower=lambda t: t["nes"] - 0.4, upper=lambda t: t["nes"] + 0.6)
    figure = set_dots(rows, strength="nes", axis="difference", case="TRD")
    bars = [trace for trace in figure.data if trace.error_x.array is not None]
    assert len(bars) == len(figure.data)
    assert set(np.round(np.concatenate([bar.error_x.array for bar in bars]), 6)) == {0.6}
    assert set(np.round(np.concatenate([bar.error_x.arrayminus for bar in bars]), 6)) == {0.4}
    low, high = figure.layout.xaxis.range
    assert low < rows["lower"].min()
    assert high > rows["upper"].max()
    plain = set_dots(sets(), strength="nes", axis="NES", case="TRD")
    assert all(trace.error_x.array is None for trace in plain.data)
