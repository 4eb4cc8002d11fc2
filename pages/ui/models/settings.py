"""The settings of the risk models: one panel, one specification, one button."""

from __future__ import annotations

from dataclasses import fields
from functools import partial

import streamlit as st

from core.analysis import At
from core.cohort.model import Cohort
from core.cohort.stored import list_cohorts
from core.models.kind import KIND, suggested_centre
from core.models.pipelines.cards import BY_NAME
from core.models.pipelines.predictors import predictor_table, read_judgements
from core.models.spec import ModelSpec
from pages.ui.frame import access, shown, state
from pages.ui.parts import draft_panel, option_widgets

PREFIX = "models"
SPECIAL = ("models", "centre", "clinical", "include_unsafe", "external")


def panel(at: At, *, drawn: ModelSpec | None = None) -> None:
    """Draw the panel that changes and runs the evaluation in force; `drawn` is that of the results shown."""
    spec = state.models(centre=suggested_centre(at.cohort))
    if spec is None:
        return
    draft_panel.draw(
        PREFIX,
        spec,
        title="Settings of the models",
        button="Evaluate",
        drawn=drawn,
        base=at.digest,
        fields=lambda draft: _fields(at, draft),
        run=lambda draft: shown.start(KIND, at, draft, put_in_force=partial(_put_in_force, at)),
    )


def _fields(at: At, draft: ModelSpec) -> ModelSpec:
    left, middle, right = st.columns(3)
    with left:
        titles = {name: card.title for name, card in BY_NAME.items()}
        draft = option_widgets.draw(draft, "models", prefix=PREFIX, labels=titles)
        draft = option_widgets.draw(draft, "centre", prefix=PREFIX, labels=_centres(at.cohort, draft))
    with middle:
        draft = _with_columns(at.cohort, draft)
        draft = option_widgets.draw(draft, "external", prefix=PREFIX, labels=_others(at.digest, draft))
    with right:
        draft = option_widgets.draw_rest(draft, prefix=PREFIX, but=SPECIAL)
    return draft


def _centres(cohort: Cohort, draft: ModelSpec) -> dict[str, str]:
    columns = [column for column in map(str, cohort.metadata.columns) if column != draft.factor]
    return {"": "no column", **{column: column for column in columns}, **_itself(draft.centre)}


def _others(digest: str, draft: ModelSpec) -> dict[str, str]:
    cards = [card for card in list_cohorts(access.store()) if card.digest != digest]
    named = {card.digest: card.name for card in cards}
    return {"": "none", **_itself(draft.external, draft.external[:12]), **named}


def _itself(value: str, label: str = "") -> dict[str, str]:
    """Return what keeps a value that a link has brought among the choices."""
    return {value: label or value} if value else {}


def _with_columns(cohort: Cohort, draft: ModelSpec) -> ModelSpec:
    judged = predictor_table(
        cohort.metadata, draft, patient=cohort.roles.patient, judgements=read_judgements()
    )
    safe = judged.loc[judged["known_before"] == "yes", "column"].tolist()
    unsafe = judged.loc[judged["known_before"].isin(("no", "unknown")), "column"].tolist()
    unsafe = [name for name in unsafe if name not in draft.clinical]
    draft = option_widgets.draw(draft, "clinical", prefix=PREFIX, labels={name: name for name in safe})
    draft = option_widgets.draw(
        draft, "include_unsafe", prefix=PREFIX, labels={name: name for name in unsafe}
    )
    if draft.include_unsafe:
        st.warning("With these columns the page makes no claim.", icon=":material/warning:")
    return draft


def _put_in_force(at: At, draft: ModelSpec) -> None:
    usual = ModelSpec(draft.factor, draft.case, draft.control, centre=suggested_centre(at.cohort))
    changed = [f.name for f in fields(draft) if getattr(draft, f.name) != getattr(usual, f.name)]
    state.choose_models({name: getattr(draft, name) for name in changed})
