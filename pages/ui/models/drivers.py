"""What drives a model: how often predictors were chosen, with which sign, and whether the tests agree."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.figures.models.drivers import drivers_figure
from core.figures.models.parts import row_text
from core.pathways.kind import KIND as PATHWAYS
from pages.ui.frame import access, state
from pages.ui.models import parts
from pages.ui.models.results import Found
from pages.ui.models.view import ModelsView
from pages.ui.parts import charts, style
from pages.ui.parts.format import number, plain, plural
from pages.ui.pathways.results import start_of

SHOWN = 20
OFTEN = 0.5


def draw(found: Found, models: list[str]) -> None:
    """Draw the drivers of one model, chosen among those that have any."""
    st.subheader("What drives it?")
    with_drivers = [name for name in models if (found.result.selection["model"] == name).any()]
    if not with_drivers:
        st.caption("No model of this evaluation has predictors that could be listed.")
        return
    view = state.view(ModelsView)
    usable = [name for name in (view.drivers_of, view.model, found.primary) if name in with_drivers]
    left, right = st.columns([3, 2], gap="medium")
    with right:
        model = str(
            state.bound(
                "drivers_of",
                st.selectbox,
                "Model",
                shown=[*usable, with_drivers[-1]][0],
                options=with_drivers,
                format_func=found.title,
            )
        )
        rows = labelled(found, model)
        _words(found, model, rows)
    with left:
        figure = drivers_figure(
            rows.head(SHOWN),
            case=found.contrast[0],
            refits=found.result.spec.folds * found.result.spec.repeats,
            **charts.look(found.cohort),
        )
        parts.figure(found, figure, f"drivers_{model}")
    charts.files(rows.drop(columns="label"), f"drivers_{model}", found.provenance)


def labelled(found: Found, model: str) -> pd.DataFrame:
    """Return the predictors of a model, those chosen most often first, with a label for people."""
    rows = found.result.selection
    rows = rows[rows["model"] == model]
    labels = [symbol or feature for symbol, feature in zip(rows["symbol"], rows["feature"], strict=True)]
    order = pd.DataFrame({"often": rows["frequency"], "size": rows["coefficient"].abs()})
    ranked = order.sort_values(["often", "size"], ascending=False, kind="stable").index
    return rows.assign(label=labels).loc[ranked].reset_index(drop=True)


def _words(found: Found, model: str, rows: pd.DataFrame) -> None:
    refits = found.result.spec.folds * found.result.spec.repeats
    often = rows[rows["frequency"] >= OFTEN]
    card = found.result.models.set_index("model").T[model]
    st.markdown(
        f"{plain(card['description'])} Over {plural(refits, 'refit')}, {plural(len(rows), 'predictor')} "
        f"{'was' if len(rows) == 1 else 'were'} chosen at least once, **{number(len(often))}** in at "
        "least half."
    )
    if card["stability"] == card["stability"]:
        st.markdown(
            f"Stability of the choice: **{row_text(card, 'stability')}**; 1 is the same every time, 0 is by "
            "lot (Nogueira 2018)."
        )
    _overlap(found, often)
    st.caption(
        "A driver is not a cause. Genes that move together replace each other from refit to refit. "
        "Blood is not brain."
    )
    top = rows.head(8)
    cells = [[row["label"], f"{100 * row['frequency']:.0f} %", _importance(row)] for _, row in top.iterrows()]
    st.html(style.table(["Predictor", "Chosen", "AUC lost if shuffled"], cells))


def _importance(row: pd.Series) -> str:
    if row["importance"] != row["importance"]:
        return "–"
    return f"{row['importance']:.3f} ± {row['importance_sd']:.3f}".replace("-", "−")


def _overlap(found: Found, often: pd.DataFrame) -> None:
    """Say how many of the genes chosen often are significant in the comparison, if it is in the store."""
    spec = state.spec()
    genes = set(often.loc[often["symbol"] != "", "feature"]) if len(often) else set()
    comparison = access.result(found.digest, spec) if spec else None
    if comparison is None or not genes:
        return
    table = comparison.table.set_index("gene")
    significant = set(table.index[table["padj"] < state.view().padj])
    both = genes & significant
    tested = genes & set(table.index[table["padj"].notna()])
    if not tested:
        return
    st.markdown(
        f"Of the {plural(len(tested), 'gene')} of these that the Genes page tests, **{number(len(both))}** "
        f"are significant there ({number(len(significant))} of {number(int(table['padj'].notna().sum()))} "
        "are)."
    )
    _themes(found, both)


def _themes(found: Found, genes: set[str]) -> None:
    spec = state.spec()
    sets = access.find(PATHWAYS, start_of(found.digest, spec), state.chosen(PATHWAYS)) if spec else None
    if sets is None or not genes:
        return
    counts = [f"{plain(theme)} {number(n)}" for theme, n in sets.genes_by_theme(genes).items()]
    if counts:
        st.markdown(f"By theme of the Pathways page (a gene may be in several): {'; '.join(counts)}.")
