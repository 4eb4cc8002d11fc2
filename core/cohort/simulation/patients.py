"""Who the simulated patients are: group, centre, demography, clinical picture, planted defects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.cohort.simulation.resources import stream
from core.cohort.simulation.settings import CASE, CONTROL, Centre, Clinical, Person, Settings


@dataclass(frozen=True)
class PlantedDefects:
    """Samples with something wrong, by identifier.

    `duplicate` is sequenced from the material of `original`, under the name of another patient.
    """

    swapped_sex: str
    original: str
    duplicate: str
    low_depth: str


@dataclass(frozen=True)
class Patients:
    """Patients as they truly are, indexed by sample identifier.

    Parameters
    ----------
    table : pandas.DataFrame
        ``patient``, ``group``, ``centre``, ``sex``, ``age``, ``bmi``, ``smoking`` and the clinical
        columns, complete and correct.
    defects : PlantedDefects
        Which samples are wrong, and how.
    """

    table: pd.DataFrame
    defects: PlantedDefects

    @property
    def is_case(self) -> NDArray[np.bool_]:
        """Whether each patient has TRD."""
        return (self.table["group"] == CASE).to_numpy()


def draw_patients(seed: int, n_patients: int, settings: Settings) -> Patients:
    """Draw patients whose clinical variables have the planted odds ratios."""
    rng = stream(seed, "patients")
    n_cases = round(n_patients * settings.sizes.case_share)
    table = _groups_and_centres(rng, n_patients, n_cases, settings)
    _add_demography(rng, table, settings.person)
    is_case = (table["group"] == CASE).to_numpy()
    for variable in settings.clinical:
        table[variable.name] = _clinical(rng, variable, is_case, settings.person)
    table["madrs"] = _madrs(rng, table["severity"], settings.person)
    return Patients(table=table, defects=_plan_defects(stream(seed, "defects"), table))


def recorded_metadata(seed: int, patients: Patients, settings: Settings) -> pd.DataFrame:
    """Return the metadata as the study would hold it: some values missing, one sex recorded wrongly."""
    rng, table = stream(seed, "missing"), patients.table.copy()
    swapped = patients.defects.swapped_sex
    table.loc[swapped, "sex"] = "male" if table.loc[swapped, "sex"] == "female" else "female"
    rates = {variable.name: variable.missing for variable in settings.clinical}
    rates |= {"bmi": settings.person.bmi_missing, "smoking": settings.person.smoking_missing}
    for column, rate in rates.items():
        gone = rng.random(len(table)) < rate
        text = table[column].dtype == object
        table[column] = table[column].where(~gone, None if text else np.nan)
    table["madrs"] = table["madrs"].where(table["severity"].notna())
    return table


def apportion(total: int, weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Split `total` in proportion to `weights` by the largest remainders."""
    ideal = total * weights / weights.sum()
    parts: NDArray[np.int64] = np.floor(ideal).astype(np.int64)
    order = np.argsort(-(ideal - parts), kind="stable")
    parts[order[: total - parts.sum()]] += 1
    return parts


def centres_of(n_patients: int, settings: Settings) -> tuple[Centre, ...]:
    """Return the centres that take part: fewer when patients are few, so that each has both groups."""
    n_centres = int(np.clip(n_patients // settings.sizes.patients_per_centre, 2, len(settings.centres)))
    return settings.centres[:n_centres]


def _groups_and_centres(
    rng: np.random.Generator, n_patients: int, n_cases: int, settings: Settings
) -> pd.DataFrame:
    centres = centres_of(n_patients, settings)
    sizes = apportion(n_patients, np.array([centre.share for centre in centres]))
    lean = np.array([centre.case_lean for centre in centres])
    cases = np.clip(apportion(n_cases, sizes * lean), 1, sizes - 1)
    names = np.array([centre.name for centre in centres], dtype=object)
    centre = np.concatenate([np.repeat(names, cases), np.repeat(names, sizes - cases)])
    group = np.repeat(np.array([CASE, CONTROL], dtype=object), [cases.sum(), (sizes - cases).sum()])
    order = rng.permutation(n_patients)
    width = max(3, len(str(n_patients)))
    return pd.DataFrame(
        {"patient": _pseudonyms(rng, n_patients), "group": group[order], "centre": centre[order]},
        index=pd.Index([f"S{i:0{width}d}" for i in range(1, n_patients + 1)], name="sample"),
    )


def _pseudonyms(rng: np.random.Generator, n_patients: int) -> list[str]:
    """Return invented pseudonyms that say nothing about group, centre or order."""
    first, last = (1_000, 10_000) if n_patients <= 5_000 else (1_000_000, 10_000_000)
    return [f"P{number}" for number in rng.choice(np.arange(first, last), n_patients, replace=False)]


def _add_demography(rng: np.random.Generator, table: pd.DataFrame, person: Person) -> None:
    n = len(table)
    women = rng.permutation(n) < round(n * person.women)
    table["sex"] = np.where(women, "female", "male").astype(object)
    table["age"] = np.clip(np.rint(rng.normal(person.age_mean, person.age_sd, n)), *person.age_range).astype(
        np.int64
    )
    table["bmi"] = np.clip(rng.normal(person.bmi_mean, person.bmi_sd, n), *person.bmi_range).round(1)
    table["smoking"] = _yes_no(rng.random(n) < person.smokers)


def _clinical(
    rng: np.random.Generator, variable: Clinical, is_case: NDArray[np.bool_], person: Person
) -> NDArray[np.generic]:
    """Draw a variable whose log odds of TRD are linear in it, with the planted odds ratio as slope."""
    n = len(is_case)
    if variable.kind == "count":
        mean = variable.control * np.where(is_case, variable.odds_ratio, 1.0)
        return variable.at_least + rng.poisson(mean)
    if variable.kind == "weeks":
        rate = person.weeks_shape / variable.control - np.where(is_case, np.log(variable.odds_ratio), 0.0)
        weeks = np.rint(rng.gamma(person.weeks_shape, 1.0, n) / rate)
        return np.clip(weeks, *person.weeks_range).astype(np.int64)
    odds = variable.control / (1 - variable.control) * np.where(is_case, variable.odds_ratio, 1.0)
    present = rng.random(n) < odds / (1 + odds)
    return (
        np.where(present, "severe", "moderate").astype(object)
        if variable.kind == "severity"
        else _yes_no(present)
    )


def _madrs(rng: np.random.Generator, severity: pd.Series, person: Person) -> NDArray[np.int64]:
    """Draw the Montgomery–Åsberg total (0 to 60 points) within the range of the severity class."""
    moderate = rng.integers(*person.madrs_moderate, size=len(severity), endpoint=True)
    severe = rng.integers(*person.madrs_severe, size=len(severity), endpoint=True)
    return np.where(severity == "severe", severe, moderate)


def _plan_defects(rng: np.random.Generator, table: pd.DataFrame) -> PlantedDefects:
    """Choose the samples to spoil; the duplicated pair shares group and sex, so only counts betray it."""
    women = table.index[(table["sex"] == "female") & (table["group"] == CASE)]
    original, duplicate = sorted(rng.choice(women.to_numpy(), 2, replace=False))
    others = table.index.difference([original, duplicate])
    swapped, low = rng.choice(others.to_numpy(), 2, replace=False)
    return PlantedDefects(
        swapped_sex=str(swapped), original=str(original), duplicate=str(duplicate), low_depth=str(low)
    )


def _yes_no(flags: NDArray[np.bool_]) -> NDArray[np.object_]:
    return np.where(flags, "yes", "no").astype(object)
