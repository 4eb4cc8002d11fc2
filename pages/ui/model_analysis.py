"""The risk models a page shows: found in the store, watched while computed, or offered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd
import streamlit as st

from core.cohort.model import Cohort
from core.export.provenance import Provenance
from core.models.evidence import Evidence
from core.models.pipelines import primary
from core.models.result import ModelResult, model_key
from core.spec import ModelSpec
from pages.ui import access, analysis, jobs_panel, model_settings, problems, state
from pages.ui.format import number, plain

SHOWN = "models.shown"
# Measured on two busy cores with the demonstration cohort (293 × 23,400): 660 s in all, that is seconds per
# fold of all models, sample and gene; holding out centres, learning from fewer patients and the final fit
# take as long as 16 folds, a permutation as a third of one.
SECONDS_PER_UNIT = 9e-7
OTHER_FOLDS = 16


@dataclass(frozen=True)
class Found:
    """What the Models page draws from.

    Parameters
    ----------
    digest : str
        Content hash of the data set.
    cohort : Cohort
        The data set.
    result : ModelResult
        The models on screen.
    stale : bool
        Whether they belong to the settings before those that are being computed.
    """

    digest: str
    cohort: Cohort
    result: ModelResult
    stale: bool = False

    @property
    def table(self) -> pd.DataFrame:
        """Every model's performance, see `core.models.compare.compare_models`."""
        return self._tables()[0]

    @property
    def against(self) -> pd.DataFrame:
        """Differences from the baselines, see `core.models.compare.against_baselines`."""
        return self._tables()[1]

    def _tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        return access.model_tables(self._key, self.result)

    @property
    def _key(self) -> str:
        return model_key(self.digest, self.result.spec)

    def evidence(self, model: str, *, cutoff: float, prevalence: float) -> Evidence:
        """Return all panels of a model, see `core.models.evidence.gather`."""
        return access.evidence(self._key, model, cutoff, prevalence, self.result)

    @cached_property
    def provenance(self) -> Provenance:
        """Where the numbers come from."""
        return access.model_provenance(self.cohort, self.result)

    @property
    def groups(self) -> tuple[str, str]:
        """Case and control."""
        return self.result.spec.case, self.result.spec.control

    @property
    def primary(self) -> str:
        """The model that claims are made of."""
        return self.result.run.claim.model or primary(self.result.spec)

    def title(self, model: str) -> str:
        """Return what a model is called."""
        titles = dict(zip(self.result.models["model"], self.result.models["title"], strict=True))
        return str(titles.get(model, model))


def require() -> Found:
    """Return the models to show; where there are none, say why, offer the next step and stop."""
    digest, _ = analysis.chosen()
    cohort = access.cohort(digest)
    spec = state.models(centre=model_settings.default_centre(cohort))
    assert spec is not None  # a comparison is in force
    result = access.models(digest, spec)
    if result is not None:
        st.session_state[SHOWN] = (digest, spec)
        return Found(digest, cohort, result)
    _progress_or_offer(digest, cohort, spec)
    earlier = st.session_state.get(SHOWN)
    if _same_question(earlier, digest, spec) and (old := access.models(*earlier)) is not None:
        st.caption("Below, until then: the evaluation with the earlier settings.")
        return Found(digest, cohort, old, stale=True)
    model_settings.panel(digest, cohort)
    st.stop()


def find(digest: str, cohort: Cohort) -> Found | None:
    """Return the finished evaluation of the comparison in force, or None."""
    spec = state.models(centre=model_settings.default_centre(cohort))
    result = access.models(digest, spec) if spec else None
    return Found(digest, cohort, result) if result else None


def _same_question(earlier: tuple[str, ModelSpec] | None, digest: str, spec: ModelSpec) -> bool:
    if earlier is None:
        return False
    old = earlier[1]
    return (earlier[0], old.factor, old.case, old.control) == (digest, spec.factor, spec.case, spec.control)


def expected_minutes(cohort: Cohort, spec: ModelSpec) -> int:
    """Return about how long an evaluation takes, in minutes."""
    fits = spec.folds * spec.repeats + OTHER_FOLDS + spec.label_permutations / 3
    size = len(cohort.metadata) * len(cohort.genes)
    return max(1, round(SECONDS_PER_UNIT * fits * size / 60))


def _progress_or_offer(digest: str, cohort: Cohort, spec: ModelSpec) -> None:
    job = jobs_panel.watch(model_key(digest, spec))
    if job is not None and job.status == "running":
        st.caption(
            "You may leave this page, or close it: the work goes on, and folds that are done are kept."
        )
        return
    minutes = expected_minutes(cohort, spec)
    st.markdown(
        f"Nobody has evaluated risk models of **{plain(spec.contrast)}** on this computer yet. "
        f"{len(spec.models)} models are fitted {number(spec.folds * spec.repeats)} times each and always "
        "judged on patients they have not seen"
        + (", then centre by centre" if spec.centre else "")
        + f"; the labels are permuted {number(spec.label_permutations)} times as a check. That takes about "
        f"{minutes} minute{'' if minutes == 1 else 's'}, once; it can be stopped and goes on where it was."
    )
    if st.button("Evaluate the models", type="primary", key="models.evaluate"):
        with problems.handled_errors():
            model_settings.start(digest, spec)
            st.rerun()
