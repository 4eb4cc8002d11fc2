"""Other studies on screen: an uploaded result table, and the literature."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.figures.pathways.words import set_label
from core.figures.robustness.replication import rank_rank
from core.robustness.ladder.run import Ladder
from core.robustness.replication.literature import SINGLE_GENES, TOPICS, Topic, studies
from core.robustness.replication.run import (
    LARGEST,
    Replication,
    read_published,
    replicate,
    replication_sentence,
)
from pages.ui.frame import problems, state
from pages.ui.genes.results import Comparison
from pages.ui.parts import charts, style, tables
from pages.ui.parts.format import number, p_value, plain, signed
from pages.ui.robustness import results as found

LISTED = 15
WORDS = {"up": "▲ higher", "down": "▼ lower", "none": "no signal", "unclear": "direction not given"}


def section(shown: Comparison) -> None:
    """Draw the card of the literature, and the comparison with an uploaded table."""
    _literature(shown)
    _upload(shown)


def _literature(shown: Comparison) -> None:
    st.subheader("What did other blood studies find?")
    ladder = found.ladder(shown.digest, shown.result.spec)
    table = studies()
    rows = []
    for topic in TOPICS:
        part = table[table["topic"] == topic.name]
        published = "; ".join(
            f"{s['study']}: {WORDS[s['direction']]} ({s['samples']})" for _, s in part.iterrows()
        )
        rows.append([topic.name, published, *_own(ladder, topic), set_label(topic.measure)])
    header = ["", "Published in depression", "Here, not adjusted", "Here, all adjustment", "Measured by"]
    st.html(style.table(header, rows))
    if ladder is None:
        st.caption("The cohort's own direction comes with the model ladder: see the check “Adjustment”.")
    case = plain(shown.result.spec.case)
    st.caption(
        f"Here: difference in {case}, in standard deviations between patients (score of the gene set), "
        "or log2 fold change (single gene), with 95 % interval. The studies differ in patients, tissue "
        "and method; they are shown side by side and not averaged."
    )
    rest = table[table["topic"] == SINGLE_GENES]
    columns = {"Study": rest["study"].str.replace(" ", style.SPACE, regex=False)}
    columns |= {name.capitalize(): rest[name] for name in ("samples", "result", "identifier")}
    st.html(style.columns(columns))
    _references(table[table["topic"] != SINGLE_GENES].drop_duplicates("study"))


def _references(cited: pd.DataFrame) -> None:
    texts = [f"{s['study']}, {s['identifier'] or 'no identifier at hand'}" for _, s in cited.iterrows()]
    st.caption(plain("; ".join(texts)) + ".")


def _own(ladder: Ladder | None, topic: Topic) -> list[str]:
    rows = None if ladder is None else ladder.topics[ladder.topics["theme"] == topic.name]
    if rows is None:
        return ["not known yet", "not known yet"]
    if rows.empty:
        return ["not measured", "not measured"]
    return [_words(rows.sort_values("rung").iloc[at]) for at in (0, -1)]


def _words(row: pd.Series) -> str:
    clear = row["lower"] > 0 or row["upper"] < 0
    sign = ("▲" if row["difference"] > 0 else "▼") if clear else "◦"
    return f"{sign} {signed(row['difference'])} ({signed(row['lower'])} to {signed(row['upper'])})"


@problems.fragment
def _upload(shown: Comparison) -> None:
    st.subheader("Does another result come back here?")
    file = st.file_uploader(
        "A published or own result table (CSV or TSV)",
        type=["csv", "tsv", "txt"],
        key="replication.file",
        max_upload_size=LARGEST // 1_000_000,
        help="One row per gene: its symbol or Ensembl identifier, log2 fold change, and p or adjusted p. "
        "The file is read and not kept.",
    )
    if file is None:
        st.caption(
            "Columns are found by name, for example symbol, log2FoldChange, pvalue, padj; a positive fold "
            f"change must mean higher in {plain(shown.result.spec.case)}, or what corresponds to it there."
        )
        return
    draw_replication(shown, replicate(read_published(file.getvalue(), file.name), shown.result.table))


def draw_replication(shown: Comparison, result: Replication) -> None:
    """Draw how far a published result comes back."""
    st.markdown(plain(replication_sentence(result)))
    left, right = st.columns([10, 9], gap="large")
    provenance = shown.provenance
    with left:
        figure = rank_rank(result.shared, **charts.look(shown.cohort))
        charts.offer(figure, "replication", "replication", provenance)
    with right:
        listed = result.shared[result.shared["chosen"]].sort_values("published_p")
        top = listed.head(LISTED)
        same = top["same"].map({True: "same direction", False: "opposite"})
        columns = {
            "Gene": tables.names(top),
            "log2FC there": top["published"].map(signed),
            "Here": top["here"].map(signed),
            "Adjusted p here": top["here_padj"].map(p_value),
            "": same.mask(top["replicates"], "replicates"),
        }
        st.html(style.columns(columns))
        if len(listed) > LISTED:
            st.caption(f"The first {LISTED} of {number(len(listed))}; all are in the file.")
        charts.files(result.shared, "replication", provenance)
    if state.view().gene:
        _one_gene(result, state.view().gene)


def _one_gene(result: Replication, gene: str) -> None:
    rows = result.shared[result.shared["gene"] == gene]
    for _, row in rows.iterrows():
        st.caption(
            f"{plain(row['symbol'] or gene)}, in focus: {signed(row['published'])} there, "
            f"{signed(row['here'])} here (p = {p_value(row['here_p'])})."
        )
