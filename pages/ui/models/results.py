"""The risk models a page shows: found in the store, watched while computed, or offered."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core import analysis
from core.analysis import At
from core.models.kind import KIND, suggested_centre
from core.models.pipelines.cards import primary
from core.models.reading.evidence import Evidence
from core.models.result import ModelResult
from core.models.spec import ModelSpec
from pages.ui.frame import access, shown, site, state
from pages.ui.frame.shown import Shown
from pages.ui.genes.results import chosen
from pages.ui.models import settings
from pages.ui.parts.format import number, plain


class Found(Shown[ModelSpec, ModelResult]):
    """What the Models page draws from; stale where it belongs to settings before those being computed."""

    @property
    def table(self) -> pd.DataFrame:
        """Every model's performance, see `core.models.reading.compare.compare_models`."""
        return access.model_tables(self._key, self.result)[0]

    @property
    def against(self) -> pd.DataFrame:
        """Differences from the baselines, see `core.models.reading.compare.against_baselines`."""
        return access.model_tables(self._key, self.result)[1]

    @property
    def _key(self) -> str:
        return analysis.key(KIND, self.made.at, self.made.spec)

    def evidence(self, model: str, *, cutoff: float, prevalence: float) -> Evidence:
        """Return all panels of a model, see `core.models.reading.evidence.collect_evidence`."""
        return access.evidence(self._key, model, cutoff, prevalence, self.result)

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
    digest, _ = chosen()
    at = access.at(digest)
    spec = state.models(centre=suggested_centre(at.cohort))
    assert spec is not None  # a comparison is in force
    if found := shown.find(KIND, at, spec):
        return Found(found.made)
    _progress_or_offer(at, spec)
    question = (spec.factor, spec.case, spec.control)
    if old := shown.earlier(KIND, at, lambda _, one: (one.factor, one.case, one.control) == question):
        st.caption("Below, until then: the evaluation with the earlier settings.")
        return Found(old.made, stale=True)
    settings.panel(at)
    site.stop()


def find(digest: str) -> Found | None:
    """Return the finished evaluation of the comparison in force, or None."""
    at = access.at(digest)
    spec = state.models(centre=suggested_centre(at.cohort))
    made = access.made(KIND, at, spec) if spec else None
    return Found(made) if made else None


def _progress_or_offer(at: At, spec: ModelSpec) -> None:
    if shown.is_running(KIND, at, spec):
        st.caption(
            "You may leave this page, or close it: the work goes on, and folds that are done are kept."
        )
        return
    minutes = max(1, round(KIND.seconds(at, spec) / 60))
    st.markdown(
        f"Nobody has evaluated risk models of **{plain(spec.contrast)}** on this computer yet. "
        f"{len(spec.models)} models are fitted {number(spec.folds * spec.repeats)} times each and always "
        "judged on patients they have not seen"
        + (", then centre by centre" if spec.centre else "")
        + f"; the labels are permuted {number(spec.label_permutations)} times as a check. That takes about "
        f"{minutes} minute{'' if minutes == 1 else 's'}, once; it can be stopped and goes on where it was."
    )
    shown.button(KIND, at, spec, "Evaluate the models", type="primary", key="models.evaluate")
