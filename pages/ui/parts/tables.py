"""Tables on screen and on their way out."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from core.de.reading.summary import count_significant
from core.de.result import DEResult
from core.export.provenance import Provenance
from core.export.tables import to_csv_bytes, to_xlsx_bytes
from pages.ui.frame import state
from pages.ui.frame.view import ROWS_PER_PAGE
from pages.ui.parts import style
from pages.ui.parts.format import number, percent, plural, signed

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def names(genes: pd.DataFrame) -> pd.Series:
    """Return what people call each gene: its symbol, its identifier where it has none."""
    return genes["symbol"].where(genes["symbol"] != "", genes["gene"])


def arrow(change: float) -> str:
    """Return a fold change with its direction as a sign and an arrow."""
    if math.isnan(change):
        return "–"
    return f"{'▲' if change > 0 else '▼'} {signed(change)}"


def spans(low: pd.Series, high: pd.Series) -> pd.Series:
    """Return intervals of differences as text; "" where there is none."""
    return (low.map(signed) + " to " + high.map(signed)).where(low.notna(), "")


def direction_colour(change: Any) -> str:
    """Return the style of a cell by its direction, in a shade that is legible as text."""
    if math.isnan(change):
        return ""
    return f"color: {(style.UP_TEXT if change > 0 else style.DOWN_TEXT)[style.dark()]}"


def downloads(table: pd.DataFrame, name: str, provenance: Provenance) -> None:
    """Draw the CSV and the Excel button of a table; the files are made when clicked."""
    kinds = {"CSV": (to_csv_bytes, "csv", "text/csv"), "Excel": (to_xlsx_bytes, "xlsx", XLSX)}
    for label, (write, ending, kind) in kinds.items():
        st.download_button(
            f"{label} · {number(len(table))} rows",
            partial(write, table, provenance),
            f"{name}.{ending}",
            kind,
            icon=":material/download:",
            key=f"{ending}.{name}",
            on_click="ignore",
        )


def threshold_counts(result: DEResult) -> pd.DataFrame:
    """Return how many genes are significant at the usual thresholds, one row each."""
    counts = {alpha: count_significant(result, alpha=alpha) for alpha in (0.01, 0.05, 0.1)}
    return pd.DataFrame(
        {
            "Adjusted p": [f"< {alpha:g}" for alpha in counts],
            "Genes": [number(c.n) for c in counts.values()],
            "▲ higher": [number(c.n_up) for c in counts.values()],
            "▼ lower": [number(c.n_down) for c in counts.values()],
            "of active": [percent(c.share) for c in counts.values()],
        }
    )


def pickable(
    table: Styler,
    keys: Sequence[str],
    *,
    name: str,
    picked: Collection[str],
    pick: Callable[[list[str]], None],
    **appearance: Any,
) -> None:
    """Draw a table whose rows can be ticked.

    Parameters
    ----------
    table : Styler
        One row a key.
    keys : sequence of str
        What the rows stand for.
    name : str
        Under which it is kept what is ticked.
    picked : collection of str
        What is ticked at first.
    pick : callable
        Takes what is ticked then.
    **appearance
        As of `st.dataframe`.
    """
    key = f"{name}.table.{hash(tuple(keys))}.{st.session_state.get(f'{name}.ticks', 0)}"
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        width="stretch",
        on_select=lambda: pick([keys[row] for row in st.session_state[key]["selection"]["rows"]]),
        selection_mode="multi-row",
        selection_default={"selection": {"rows": [row for row, one in enumerate(keys) if one in picked]}},
        **appearance,
    )


def untick(name: str) -> None:
    """Let all rows of a table be unticked."""
    key = f"{name}.ticks"
    st.session_state[key] = st.session_state.get(key, 0) + 1


def page_controls(n: int, noun: str, *, rows: str, order: str, orders: dict[str, str]) -> slice:
    """Draw what stands above a paged table, and return which rows the page has.

    That is how many there are, their order, and which page. `rows` and `order` name the fields of the
    view that hold page and order.
    """
    pages = max(1, -(-n // ROWS_PER_PAGE))
    page = state.seen(rows)
    if page > pages:
        page = pages
        state.look(**{rows: pages})
    left, middle, right = st.columns([4, 3, 3], vertical_alignment="bottom")
    first, last = min(n, (page - 1) * ROWS_PER_PAGE + 1), min(n, page * ROWS_PER_PAGE)
    left.markdown(f"**{plural(n, noun)}**" + (f"  \nrows {first}–{last}" if pages > 1 else ""))
    with middle:
        state.choice(order, "Sorted by", orders, widget=st.selectbox)
    with right:
        label = f"Page (of {number(pages)})"
        state.bound(rows, st.number_input, label, min_value=1, max_value=pages, step=1)
    return slice((page - 1) * ROWS_PER_PAGE, page * ROWS_PER_PAGE)
