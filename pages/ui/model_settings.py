"""The settings of the risk models: one panel, one specification, one button."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import streamlit as st

from core.cohort.model import Cohort
from core.cohort.roles import suggest_roles
from core.cohort.stored import list_cohorts
from core.errors import InputError
from core.models.check import LIMITS, check_spec
from core.models.pipelines import BY_NAME
from core.models.predictors import predictor_table, read_judgements
from core.spec import ModelSpec
from pages.ui import access, draft_panel, jobs_panel, problems, state, widgets

NO_CENTRE = "no column"
NO_COHORT = "none"
NUMBERS = {
    "folds": ("Folds", "Parts into which the patients are divided; each is predicted by the others."),
    "repeats": ("Repeats", "How often that is done, with other parts each time."),
    "inner_folds": ("Inner folds", "Parts inside each training part, by which settings are chosen."),
    "label_permutations": ("Label permutations", "How often the groups change hands for the gene model."),
    "n_selected": ("Genes chosen", "Genes that each training part may choose."),
    "model_seed": ("Seed", "Of folds, permutations and forests; the same seed gives the same numbers."),
}
HELP = {
    "models": "From no information to everything: a model must beat those before it.",
    "clinical": "Columns the clinical models may use. None chosen: all that are judged known before the "
    "second failed treatment.",
    "unsafe": "Columns that partly define the outcome or come after it make a model look better than it is. "
    "With any of them the page makes no claim.",
    "centre": "Each centre is also predicted by models that never saw it.",
    "external": "Models learn here and are tested there, on another data set of this computer.",
}


def panel(digest: str, cohort: Cohort) -> None:
    """Draw the panel that changes and runs the evaluation in force."""
    usual = default_centre(cohort)
    spec = state.models(centre=usual)
    if spec is None:
        return

    def run(draft: ModelSpec) -> None:
        changed = draft != spec
        if draft_panel.pressed("Evaluate", name="models", changed=changed, results=draft_panel.ON_PAGE):
            _run(digest, draft, usual)

    draft_panel.draw(
        "Settings of the models",
        spec,
        name="models",
        base=digest,
        fields=lambda draft: _fields(digest, cohort, draft),
        run=run,
    )


def default_centre(cohort: Cohort) -> str:
    """Return the column of the recruiting centre: the cohort's own, or the one whose name says so."""
    suggested = next((s.value for s in suggest_roles(cohort.metadata)["centre"]), "")
    return cohort.roles.centre or suggested


def _fields(digest: str, cohort: Cohort, draft: ModelSpec) -> ModelSpec:
    left, middle, right = st.columns(3)
    with left:
        draft = replace(draft, models=_models(draft), centre=_centre(cohort, draft))
    with middle:
        draft = replace(draft, **_columns(cohort, draft))
        draft = replace(draft, external=_external(digest, draft))
    with right:
        draft = replace(draft, **_numbers(draft))
    return draft


def _models(draft: ModelSpec) -> tuple[str, ...]:
    titles = {name: card.title for name, card in BY_NAME.items()}
    picked = st.multiselect(
        "Models",
        list(titles),
        list(draft.models),
        format_func=titles.get,
        help=HELP["models"],
        key="models.models",
    )
    # In the order of the ladder: the same choice is the same analysis, however it was clicked together.
    chosen = tuple(name for name in titles if name in picked)
    return draft.models if set(chosen) == set(draft.models) else chosen


def _centre(cohort: Cohort, draft: ModelSpec) -> str:
    options = ["", *(c for c in map(str, cohort.metadata.columns) if c != draft.factor)]
    if draft.centre not in options:
        options.append(draft.centre)
    return str(
        st.selectbox(
            "Centres are in column",
            options,
            options.index(draft.centre),
            format_func=lambda name: name or NO_CENTRE,
            help=HELP["centre"],
            key="models.centre",
        )
    )


def _columns(cohort: Cohort, draft: ModelSpec) -> dict[str, Any]:
    judged = predictor_table(
        cohort.metadata, draft, patient=cohort.roles.patient, judgements=read_judgements()
    )
    safe = judged.loc[judged["known_before"] == "yes", "column"].tolist()
    unsafe = judged.loc[judged["known_before"].isin(("no", "unknown")), "column"].tolist()
    safe += [name for name in draft.clinical if name not in safe]
    unsafe = [name for name in dict.fromkeys((*unsafe, *draft.include_unsafe)) if name not in draft.clinical]
    clinical = st.multiselect(
        "Clinical columns",
        safe,
        list(draft.clinical),
        placeholder="all known in time",
        help=HELP["clinical"],
        key="models.clinical",
    )
    taken = st.multiselect(
        "Take in on purpose, though not known in time",
        unsafe,
        list(draft.include_unsafe),
        placeholder="none",
        help=HELP["unsafe"],
        key="models.unsafe",
    )
    if taken:
        st.warning("With these columns the page makes no claim.", icon=":material/warning:")
    return {"clinical": _kept(draft.clinical, clinical), "include_unsafe": _kept(draft.include_unsafe, taken)}


def _kept(before: tuple[str, ...], now: list[str]) -> tuple[str, ...]:
    return before if set(before) == set(now) else tuple(sorted(now))


def _external(digest: str, draft: ModelSpec) -> str:
    names = {card.digest: card.name for card in list_cohorts(access.store()) if card.digest != digest}
    if draft.external and draft.external not in names:
        names[draft.external] = draft.external[:12]
    options = ["", *names]
    return str(
        st.selectbox(
            "Test on another data set",
            options,
            options.index(draft.external),
            format_func=lambda key: names.get(key, NO_COHORT),
            help=HELP["external"],
            key="models.external",
        )
    )


def _numbers(draft: ModelSpec) -> dict[str, Any]:
    found = {}
    for name, (label, words) in NUMBERS.items():
        low, high = LIMITS[name]
        value = widgets.number(label, low, high, getattr(draft, name), help=words, key=f"models.{name}")
        found[name] = int(value)
    return found


def _run(digest: str, draft: ModelSpec, usual: str) -> None:
    try:
        check_spec(draft)
    except InputError as error:
        problems.show_faults(error.faults)
        return
    plain = ModelSpec(draft.factor, draft.case, draft.control, centre=usual)
    changed = [f.name for f in fields(draft) if getattr(draft, f.name) != getattr(plain, f.name)]
    state.choose_models({name: getattr(draft, name) for name in changed})
    start(digest, draft)
    st.rerun()


def start(digest: str, spec: ModelSpec) -> None:
    """Check the settings and start the evaluation unless its result is there.

    Raises
    ------
    InputError
        If a value is out of range.
    """
    check_spec(spec)
    jobs_panel.start_models_if_absent(digest, spec)
