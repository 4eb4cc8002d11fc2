"""The end of every page: provenance, link, command, script."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from core.de.result import DEResult
from core.export.command import analysis_command
from core.export.model_script import model_script, unnamed_predictions
from core.export.model_validation_script import can_script_validation, validation_script
from core.export.pathway_provenance import pathway_command
from core.export.pathway_scores_script import pathway_scores_script
from core.export.pathway_script import can_script, pathway_script
from core.export.pathway_tables import sets_gmt_bytes
from core.export.provenance import Provenance
from core.export.script import de_script
from core.export.tables import to_csv_bytes
from core.models.result import ModelResult
from core.pathways.result import PathwayResult
from core.spec import DESpec
from pages.ui import access, address, problems, state, style
from pages.ui.view_models import ModelsView

PATHWAYS = "footing.pathways"
MODELS = "footing.models"


def tell_pathways(result: PathwayResult) -> None:
    """Let the foot of this run's page speak of an enrichment as well."""
    st.session_state[PATHWAYS] = result


def tell_models(result: ModelResult) -> None:
    """Let the foot of this run's page speak of risk models."""
    st.session_state[MODELS] = result


def draw(digest: str | None) -> None:
    """Draw provenance line, link, command and script of the screen above."""
    spec = state.spec()
    models: ModelResult | None = st.session_state.pop(MODELS, None)
    if digest is None:
        return
    if models is not None:
        _of_models(digest, models)
        return
    result = access.result(digest, spec) if spec else None
    if spec is None or result is None:
        _link()
        return
    cohort = access.cohort(digest)
    sets: PathwayResult | None = st.session_state.pop(PATHWAYS, None)
    told = access.pathway_provenance(cohort, result, sets) if sets else access.provenance(cohort, result)
    st.html(f'<p class="trd-provenance">{style.escape(told.line())}</p>')
    with st.container(horizontal=True):
        _link()
        _actions(digest, spec, result, told) if sets is None else _pathway_actions(digest, result, sets)


def _of_models(digest: str, models: ModelResult) -> None:
    provenance = access.model_provenance(access.cohort(digest), models)
    st.html(f'<p class="trd-provenance">{style.escape(provenance.line())}</p>')
    with st.container(horizontal=True):
        _link()
        _command("evaluation", analysis_command(models.spec, dataset=digest), analysis_command(models.spec))
        view = state.view_by_then(ModelsView)
        st.download_button(
            "Download script",
            lambda: model_script(
                models,
                cutoff=view().cutoff,
                prevalence=view().prevalence or None,
                provenance=provenance.line(),
            ).encode(),
            "risk_models.py",
            "text/x-python",
            icon=":material/code:",
            on_click="ignore",
            help="A short Python script that needs only public packages and makes the metrics of this page "
            "from the out-of-fold predictions (button beside).",
        )
        st.download_button(
            "Predictions for the script (CSV)",
            lambda: to_csv_bytes(unnamed_predictions(models), provenance),
            "predictions.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            help="One row per patient, model and repeat; patients by number, never by name.",
        )
        _validation_script(models, provenance)


def _validation_script(models: ModelResult, provenance: Provenance) -> None:
    if not can_script_validation(models):
        return
    st.download_button(
        "Script that fits again",
        lambda: validation_script(models, provenance=provenance.line()).encode(),
        "validate_genes.py",
        "text/x-python",
        icon=":material/code:",
        on_click="ignore",
        help="Makes the nested cross-validation of the gene model again from your counts, with scikit-learn "
        "alone. It reads the folds (button beside), which name your samples.",
    )
    st.download_button(
        "Folds for it (CSV)",
        lambda: to_csv_bytes(models.fold_table(), provenance),
        "folds.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


@problems.fragment
def _link() -> None:
    """Offer the address of the moment it is opened: parts of a page change it without drawing its foot."""
    offer = st.popover("Copy link", icon=":material/link:", key="footing.link", on_change="rerun")
    if offer.open:
        with offer:
            st.caption("Opens this very screen, for everybody who reaches this dashboard.")
            st.code(link(), language=None, wrap_lines=True)


def _command(what: str, on_store: str, from_files: str) -> None:
    """Offer the commands that make the numbers above, from the data set of the store and from files."""
    with st.popover("Copy command", icon=":material/terminal:"):
        st.caption(f"The same {what} without a screen.")
        st.code(on_store, language="bash", wrap_lines=True)
        st.caption("Or, from your files:")
        st.code(from_files, language="bash", wrap_lines=True)


def _pathway_actions(digest: str, comparison: DEResult, sets: PathwayResult) -> None:
    specs = comparison.spec, sets.spec
    _command("analysis", pathway_command(*specs, dataset=digest), pathway_command(*specs))
    scored = sets.sample_scores is not None
    if not scored and not can_script(sets):
        return
    line = access.pathway_provenance(access.cohort(digest), comparison, sets).line()
    st.download_button(
        "Download script",
        lambda: (
            pathway_scores_script(sets, comparison, provenance=line)
            if scored
            else pathway_script(sets, provenance=line)
        ).encode(),
        "gene_sets.py",
        "text/x-python",
        icon=":material/code:",
        on_click="ignore",
        help="A short Python script that needs only public packages and gives the numbers of this page. It "
        f"reads {'your count and metadata files, ' if scored else ''}the table of the comparison (de.csv of "
        "the command, or the CSV of the Genes page with every gene) and the tested sets (button beside).",
    )
    st.download_button(
        "Sets for the script (GMT)",
        lambda: sets_gmt_bytes(sets, range(len(sets.table))),
        "sets.gmt",
        "text/plain",
        icon=":material/download:",
        on_click="ignore",
    )


def _actions(digest: str, spec: DESpec, result: DEResult, told: Provenance) -> None:
    _command("analysis", analysis_command(spec, dataset=digest), analysis_command(spec))
    st.download_button(
        "Download script",
        lambda: de_script(spec, result=result, provenance=told.line()).encode(),
        "differential_expression.py",
        "text/x-python",
        icon=":material/code:",
        on_click="ignore",
        help="A short Python script that needs only public packages and gives the numbers of this page.",
    )


def link() -> str:
    """Return the address of the present screen."""
    base = (st.context.url or "").split("?")[0]
    return f"{base}?{urlencode(address.query())}"
