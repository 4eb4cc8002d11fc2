"""The two groups beside each other: confounding light, table one, centres."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from core.cohort.samples.groups import level_names
from core.de.design.confounding import WORDS, Light
from pages.ui.cohort.comparison import GroupComparison
from pages.ui.parts import style
from pages.ui.parts.format import p_value, percent, plain, signed

SIGNS = {
    "red": ("■", "#C62828"),
    "amber": ("▲", "#B88600"),
    "grey": ("○", "#7A7A7A"),
    "green": ("●", "#2E8B57"),
}


def draw(comparison: GroupComparison) -> None:
    """Draw what is known of the groups besides what is compared."""
    lights = comparison.lights
    st.subheader("What could stand behind a difference?")
    if not lights:
        st.info("Nothing besides the groups is recorded of these samples.", icon=":material/info:")
        return
    st.html(_light_table(lights))
    st.caption(
        "A characteristic can mislead if it goes with the group and with expression. Expression: the one "
        "of the first five principal components it explains most of (p-value times five). Intervals × says "
        "how much wider every interval becomes by adjusting for it. What is part of the illness itself, "
        "such as its severity, is no confounder: adjusting for it takes away what is asked about."
    )
    for light in lights:
        for title, table in light.tables.items():
            with st.expander(f"{plain(title)}: the table that shows it", icon=":material/grid_on:"):
                st.dataframe(table, width="content")
    left, right = st.columns([8, 3], gap="large")
    with left:
        _table_one(comparison)
    with right:
        _centres(comparison)


LIGHT_HINTS = {
    "Groups differ by": "Case minus control in units of spread, with its 95 % interval.",
    "Goes with expression": "The one of the first five principal components, the main directions in which "
    "samples differ, that it explains most of: how much of it, and a p-value times five.",
    "Intervals ×": "How much wider every interval becomes by adjusting for it.",
}


def _light_table(lights: list[Light]) -> str:
    header = ["Characteristic", "", "Groups differ by", "p", "Goes with expression", "Intervals ×", "Why"]
    return style.table_of_html(
        [style.heading(name, LIGHT_HINTS.get(name, "")) for name in header],
        [_light_row(x) for x in lights],
        stacked=True,
    )


def _light_row(light: Light) -> list[str]:
    sign, colour = SIGNS[light.colour]
    coloured = f'<span style="color:{colour}">{sign}</span> {WORDS[light.colour]}'
    value, low, high = light.difference
    interval = "" if math.isnan(low) else f" ({signed(low)} to {signed(high)})"
    expression = (
        "–"
        if not light.component
        else f"{light.component}: {percent(light.share)}, p = {p_value(light.component_p)}"
    )
    widening = "∞" if math.isinf(light.inflation) else f"{light.inflation**0.5:.2f}"
    adjusted = "<br><span class='trd-small'>adjusted for</span>" if light.adjusted else ""
    return [
        f"<b>{style.escape(light.column)}</b>{adjusted}",
        f'<span style="white-space:nowrap">{coloured}</span>',
        "–" if math.isnan(value) else f"{signed(value)}{interval}",
        p_value(light.group_p),
        expression,
        widening,
        style.escape(light.reason),
    ]


def _table_one(comparison: GroupComparison) -> None:
    st.subheader("Who the patients are")
    case, control = (f"{level} (n = {comparison.design.n_in(level)})" for level in comparison.groups)
    header = ["", case, control, "Missing", "Standardised difference", "p"]
    st.html(style.table(header, [_row(row) for _, row in comparison.table.iterrows()]))
    st.caption(
        "Numbers as median (lower to upper quartile), categories as count (share of those known). "
        "Standardised difference: case minus control in units of spread, with its 95 % interval; for two "
        "levels it is that of the last; from ±0.1 on, groups are usually called unlike."
    )


def _row(row: pd.Series) -> list[str]:
    if math.isnan(row["missing_case"]):
        return [f"· {row['level']}", str(row["case"]), str(row["control"]), "", "", ""]
    level = f": {row['level']}" if row["level"] else ""
    missing = [int(row["missing_case"]), int(row["missing_control"])]
    difference = "–" if math.isnan(row["smd"]) else signed(row["smd"])
    if not math.isnan(row["smd_low"]):
        difference += f" ({signed(row['smd_low'])} to {signed(row['smd_high'])})"
    return [
        f"{row['column']}{level}",
        str(row["case"]),
        str(row["control"]),
        f"{missing[0]} | {missing[1]}" if any(missing) else "none",
        difference,
        p_value(row["pvalue"]),
    ]


def _centres(comparison: GroupComparison) -> None:
    st.subheader("Centres")
    centre, (case, control) = comparison.cohort.roles.centre, comparison.groups
    if centre is None:
        st.caption(
            "No column says which centre a sample came from. Name it on the Data page if there is one."
        )
        return
    names = level_names(comparison.used[centre]).fillna("not recorded")
    counts = pd.crosstab(names, comparison.design.groups.to_numpy())
    rows = []
    for level in counts.index:
        n_case, n_control = (int(counts.loc[level].get(group, 0)) for group in (case, control))
        warning = "one group only" if not (n_case and n_control) else ""
        rows.append(
            [
                style.unbroken(str(level)),
                str(n_case),
                str(n_control),
                percent(n_case / (n_case + n_control)),
                warning,
            ]
        )
    st.html(style.table([centre, case, control, f"{case}, share", ""], rows))
    st.caption("A centre with one group only says nothing about the difference; it only adds noise.")
