"""Which metadata columns each step of the model ladder adjusts for, and why some are left out.

The rule: a column joins a step if its role (sex, centre) or its name says what it holds. It is
left out, with the reason, if it cannot be estimated beside what is adjusted for already, if
adjusting for it would cost many samples, or if it is part of what defines resistance.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pandas as pd

from core.cohort.model import Cohort
from core.cohort.roles import CENTRE_NAMES, SEX_NAMES
from core.cohort.samples.balance import MOST_LEVELS, is_number
from core.cohort.samples.cell_scores import PREFIX, composition_covariates, with_scores
from core.de.design.build import build_designs
from core.de.methods import by_method
from core.de.spec import DESpec
from core.errors import DesignError
from core.words import percent

MOST_LOST = 0.2  # share of the samples that a step may cost through missing values
CRUDE, AGE_SEX, CENTRE, CELLS, LIFE = (
    "nothing",
    "age, sex",
    "centre",
    "cell composition",
    "BMI, smoking, medication",
)
OTHER = "the other covariates of this comparison"
_START, _END = r"(^|[^a-zà-ÿ])", r"($|[^a-zà-ÿ])"
AGE_NAMES = re.compile(rf"{_START}(age|alter|edad|yrs|years)({_END}|at|in)", re.I)
LIFE_PARTS = {
    "BMI": re.compile(rf"{_START}bmi{_END}|body.?mass", re.I),
    "smoking": re.compile(r"smok|tobacco|cigar", re.I),
    "medication": re.compile(
        rf"medicat|{_START}(ssri|snri|tca|maoi|statin|drugs?){_END}|antidepress|antipsychot|lithium|benzodiaz"
        r"|stabili[sz]er|steroid|cortico|quetiapine|aripiprazole",
        re.I,
    ),
}
# Counts of earlier treatments, and scores of them, are what resistance is defined by.
DEFINING_NAMES = re.compile(
    rf"prior|previous|earlier|fail|trials?{_END}|athf|resist|{_START}(n|no|num|number|count)({_END}|of)|staging",
    re.I,
)
DEFINES = (
    "it counts earlier treatments, which is part of what makes a patient treatment-resistant: adjusting for "
    "it would take away the very difference that is asked for"
)


@dataclass(frozen=True)
class Step:
    """A step of the ladder before it is computed.

    Parameters
    ----------
    name : str
        What it adds, in words: of "BMI, smoking, medication" only what there are columns of, so that
        nobody takes for adjusted what was not recorded.
    added : tuple of str
        Covariates it adds.
    covariates : tuple of str
        All that it adjusts for.
    """

    name: str
    added: tuple[str, ...]
    covariates: tuple[str, ...]

    @property
    def label(self) -> str:
        """How the step is called on screen."""
        return "crude" if self.name == CRUDE else f"+ {self.name}"


@dataclass(frozen=True)
class LeftOut:
    """A column, or a whole step (``column`` "" then), that is not in the ladder, and why."""

    step: str
    column: str
    reason: str


@dataclass(frozen=True)
class Plan:
    """The steps of a ladder, and what is not in it."""

    steps: tuple[Step, ...]
    left_out: tuple[LeftOut, ...]


def base_of(spec: DESpec) -> DESpec:
    """Return the comparison a ladder starts from: without covariates, by a method that can adjust."""
    return rung_of(spec, ())


def rung_of(spec: DESpec, covariates: tuple[str, ...]) -> DESpec:
    """Return the comparison with these covariates instead, by a method that can adjust."""
    method = "limma" if spec.method == "wilcoxon" else spec.method
    return replace(by_method(spec, method), covariates=covariates, shrink=False)


def plan_ladder(cohort: Cohort, spec: DESpec) -> Plan:
    """Plan the ladder of a comparison.

    Parameters
    ----------
    cohort : Cohort
        The data set.
    spec : DESpec
        The comparison; its own covariates that belong to no other step make a last one.

    Raises
    ------
    DesignError
        If not even the groups alone can be compared.
    """
    wanted = {step: names for step, names in _candidates(cohort, spec).items() if names}
    metadata = with_scores(cohort, [name for names in wanted.values() for name in names])
    base = base_of(spec)
    n_crude = len(build_designs(metadata, base)[1].groups)
    steps, left_out = [Step(CRUDE, (), ())], []
    for name in (AGE_SEX, CENTRE, CELLS, LIFE, OTHER):
        before, added = steps[-1].covariates, list[str]()
        for column in wanted.get(name, ()):
            reason = _refusal(metadata, base, (*before, *added), column, n_crude=n_crude)
            if reason:
                left_out.append(LeftOut(name, column, reason))
            else:
                added.append(column)
        if added:
            covariates = _as_asked((*before, *added), spec)
            steps.append(Step(_holding(name, added), tuple(added), covariates))
        elif name != OTHER and name not in wanted:
            left_out.append(LeftOut(name, "", _absent(name)))
    return Plan(tuple(steps), tuple(left_out))


def _candidates(cohort: Cohort, spec: DESpec) -> dict[str, list[str]]:
    """Return the columns of each step by role and name, each column in one step only."""
    metadata, roles = cohort.metadata, cohort.roles
    free = [str(c) for c in metadata.columns if c not in (spec.factor, roles.patient)]
    sex, centre = roles.sex or _first(free, SEX_NAMES), roles.centre or _first(free, CENTRE_NAMES)
    ages = [c for c in free if AGE_NAMES.search(c) and is_number(metadata[c])]
    age = min(ages, key=len, default=None)  # rather than age_at_onset
    found = {
        AGE_SEX: [c for c in (age, sex) if c],
        CENTRE: [centre] if centre else [],
        CELLS: list(composition_covariates(cohort)),
        LIFE: [c for c in free if _life_parts(c)],
    }
    taken: set[str] = set()
    for name, columns in found.items():
        found[name] = [c for c in columns if c not in taken]
        taken |= set(columns)
    asked = [c for c in spec.covariates if c not in taken]
    found[CELLS] += [c for c in asked if c.startswith(PREFIX)]
    return found | {OTHER: [c for c in asked if not c.startswith(PREFIX)]}


def _life_parts(column: str) -> list[str]:
    return [part for part, names in LIFE_PARTS.items() if names.search(column)]


def _holding(step: str, added: list[str]) -> str:
    """Return the name of a step without the parts for which there is no column."""
    if step == AGE_SEX:
        held = ["age" if AGE_NAMES.search(column) else "sex" for column in added]
    elif step == LIFE:
        held = [part for column in added for part in _life_parts(column)]
    else:
        return step
    return ", ".join(part for part in step.split(", ") if part in held)


def _first(columns: list[str], pattern: re.Pattern[str]) -> str | None:
    return next((name for name in columns if pattern.search(name)), None)


def _refusal(
    metadata: pd.DataFrame, base: DESpec, before: tuple[str, ...], column: str, *, n_crude: int
) -> str:
    """Return why a column cannot join what is adjusted for already; "" if it can."""
    if _life_parts(column) and DEFINING_NAMES.search(column):
        return DEFINES
    values = metadata[column]
    if not is_number(values) and values.nunique() > MOST_LEVELS:
        return f"it has {values.nunique()} different values and is no number"
    try:
        _, design = build_designs(metadata, replace(base, covariates=(*before, column)))
    except DesignError as error:
        return "; ".join(fault.what for fault in error.faults)
    lost = 1 - len(design.groups) / n_crude
    return f"missing values would cost {percent(lost)} of the samples" if lost > MOST_LOST else ""


def _as_asked(covariates: tuple[str, ...], spec: DESpec) -> tuple[str, ...]:
    """Return covariates in the order of the comparison if they are its own, so that both are one result."""
    return spec.covariates if set(covariates) == set(spec.covariates) else covariates


def _absent(step: str) -> str:
    if step == CELLS:
        return "no cells were counted, and too few marker genes of blood cells are expressed to score them"
    return f"the metadata have no column that by its role or name holds {step.replace(', ', ' or ')}"
