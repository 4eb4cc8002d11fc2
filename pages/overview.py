"""The Overview page: is treatment-resistant depression different in blood."""

from __future__ import annotations

import streamlit as st

from core.cohort.samples.describe import describe_groups
from core.de.reading.summary import Counts, count_significant
from core.figures.genes.volcano import volcano
from core.figures.house.cloud import Highlight
from core.figures.house.selection import Thresholds
from pages.ui.frame import shell, site, state
from pages.ui.genes import results as gene_results
from pages.ui.genes import sentences as gene_sentences
from pages.ui.genes import settings as gene_settings
from pages.ui.overview import biology_card, model_card
from pages.ui.parts import charts, style
from pages.ui.parts.format import number, percent, plain
from pages.ui.robustness import results as robustness_results

site.guard()
PLACES_A_ROW = 4


def draw() -> None:
    """Draw the page."""
    st.title(_question())
    shown = gene_results.require()
    counts = count_significant(shown.result, alpha=state.view().padj, min_lfc=state.view().lfc)
    style.answer(gene_sentences.genes_answer(shown))
    with st.container(key="stale" if shown.stale else "fresh"):
        _cards(shown, counts)
        biology_card.next_step(shown)
        robustness_results.start_ladder_on_demo(shown)
        left, right = st.columns([6, 5], gap="large")
        with left:
            _picture(shown)
        with right:
            _patients(shown)
    _where_next()
    gene_settings.panel(shown.digest, shown.cohort, drawn=shown.result.spec)


def _question() -> str:
    spec = state.spec()
    if spec is None and shell.digest() is not None:
        return "What differs in blood?"
    if spec is None or (spec.case, spec.control) == ("TRD", "non-TRD"):
        return "Is treatment-resistant depression different in blood?"
    return f"Does {plain(spec.case)} differ from {plain(spec.control)} in blood?"


def _cards(shown: gene_results.Comparison, counts: Counts) -> None:
    spec, run = shown.result.spec, shown.result.run
    case, control = style.escape(spec.case), style.escape(spec.control)
    style.cards(
        style.Card(
            "How many genes?",
            number(counts.n),
            f"{percent(counts.share)} of {number(run.n_active)} "
            f'<abbr title="Active: {style.escape(run.active_definition)}.">active genes</abbr>: '
            f'<span class="trd-down">▼ {number(counts.n_down)}</span> lower and '
            f'<span class="trd-up">▲ {number(counts.n_up)}</span> higher in {case}',
            f"{gene_sentences.typical_size(shown)} Up to {number(counts.n * state.view().padj)} of the "
            f"{number(counts.n)} may be false discoveries. {gene_sentences.SHARE_IS_A_COUNT}",
        ),
        biology_card.card(shown),
        style.Card(
            "After adjusting for what?",
            style.escape(", ".join(spec.covariates) or "nothing"),
            f"{run.n_case} {case} and {run.n_control} {control}",
            gene_sentences.but_line(shown, ladder=robustness_results.ladder(shown.digest, spec)),
        ),
        model_card.card(shown.digest),
    )


def _picture(shown: gene_results.Comparison) -> None:
    view = state.view()
    figure = volcano(
        shown.result.table,
        contrast=shown.contrast,
        thresholds=Thresholds(padj=view.padj, lfc=view.lfc),
        highlight=Highlight(basket=view.basket),
        **charts.look(shown.cohort),
        max_points=600,
    )
    still = {**style.CHART, "staticPlot": True}
    charts.show(figure, "overview.volcano", config=still)


def _patients(shown: gene_results.Comparison) -> None:
    st.subheader("Who the patients are")
    spec, samples = shown.result.spec, list(shown.result.samples.index)
    table = describe_groups(shown.cohort, spec.factor, list(shown.contrast), samples=samples)
    st.html(style.table(list(table.columns), table.to_numpy().tolist()))
    st.caption(
        "Numbers as median (lower to upper quartile), categories as count (share)."
        if len(table) > 1
        else "Neither age nor sex nor centre is recorded of these samples."
    )


def _where_next() -> None:
    st.subheader("Where next")
    places = (
        ("cohort", "Cohort", "Whether the groups are comparable, and which samples to doubt."),
        ("genes", "Genes", "Which genes differ, how much, and how sure is that?"),
        ("gene", "One gene", "Every patient's expression, by group, sex and centre."),
        ("pathways", "Pathways", "Which biology the genes belong to, and whether it holds."),
        ("robustness", "Robustness", "What is left after adjustment, other tests and chance."),
        ("models", "Models", "Can we tell who is resistant, and should anyone believe it?"),
        ("data", "Your data", "Bring a count table and a table of your samples."),
        ("methods", "Methods", "How each number is made, and what it cannot say."),
    )
    columns = [column for _ in range(0, len(places), PLACES_A_ROW) for column in st.columns(PLACES_A_ROW)]
    for column, (name, label, words) in zip(columns, places, strict=True):
        if column.button(label, key=f"next.{name}", width="stretch"):
            site.go_to(name)
        column.caption(words)


draw()
