"""From patients and planted effects to counts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.cohort.simulation.genes import Floats, GenePlan
from core.cohort.simulation.patients import Patients
from core.cohort.simulation.resources import stream
from core.cohort.simulation.settings import Expression, Settings


def draw_factors(seed: int, patients: Patients, settings: Settings) -> pd.DataFrame:
    """Return the factor scores, samples × factors: standard normal within groups, plus the planted shifts.

    Scores are made uncorrelated with each other, and within groups with age, sex and centre, so
    that the shifts are exactly the planted ones in every cohort and not only on average.
    """
    rng, is_case = stream(seed, "factors"), patients.is_case
    names = [factor.name for factor in settings.factors]
    noise = rng.normal(size=(len(is_case), len(names)))
    design = _design(patients)
    scores = _orthonormal(np.hstack([design, noise]))[:, design.shape[1] :] * np.sqrt(len(is_case) - 2)
    scores += np.outer(is_case - is_case.mean(), [factor.shift for factor in settings.factors])
    table = pd.DataFrame(dict(zip(names, scores.T, strict=True)), index=patients.table.index)
    handling = {centre.name: centre.rna_quality for centre in settings.centres}
    table["rna_quality"] += patients.table["centre"].map(handling).astype(float)
    return table


def draw_counts(
    seed: int, patients: Patients, plan: GenePlan, factors: pd.DataFrame, settings: Settings
) -> NDArray[np.int32]:
    """Return negative binomial counts, genes × samples, defects included."""
    rng, expression = stream(seed, "counts"), settings.expression
    mean, depth = _expected(rng, patients, plan, factors, settings)
    dispersion = _dispersion(plan, expression)[:, None]
    realised = mean * rng.standard_gamma(1 / dispersion, size=mean.shape) * dispersion
    pair = pd.Index([patients.defects.original, patients.defects.duplicate])
    original, duplicate = patients.table.index.get_indexer(pair)
    realised[:, duplicate] = realised[:, original] * depth[duplicate] / depth[original]
    return rng.poisson(realised).astype(np.int32)


def _expected(
    rng: np.random.Generator, patients: Patients, plan: GenePlan, factors: pd.DataFrame, settings: Settings
) -> tuple[Floats, Floats]:
    """Return expected counts, genes × samples, and each sample's depth relative to the reference."""
    table = patients.table
    age = (table["age"].to_numpy(float) - settings.person.age_mean) / settings.person.age_sd
    centre = pd.Categorical(table["centre"], categories=[c.name for c in settings.centres]).codes
    log2 = plan.log2_mean[:, None] + plan.loadings.to_numpy() @ factors[plan.loadings.columns].to_numpy().T
    log2 += _sex_term(plan.sex_log2fc, (table["sex"] == "female").to_numpy())
    log2 += np.outer(plan.age_log2fc, age) + plan.centre_log2fc[:, centre]
    mean = np.exp2(log2)
    depth = _depth(rng, patients, settings)
    mean *= depth * np.exp2(plan.log2_mean).sum() / mean.sum(axis=0)
    return mean, depth


def _sex_term(log2fc: Floats, women: NDArray[np.bool_]) -> Floats:
    """Lower the sex that expresses less, so that a gene's mean is that of the sex that expresses it."""
    term: Floats = np.outer(np.minimum(log2fc, 0), women) - np.outer(np.maximum(log2fc, 0), ~women)
    return term


def _depth(rng: np.random.Generator, patients: Patients, settings: Settings) -> Floats:
    expression, n = settings.expression, len(patients.table)
    reads = expression.reference_depth * np.exp(rng.normal(0, expression.depth_log_sd, n))
    reads = np.clip(reads, *expression.depth_range)
    reads[patients.table.index.get_loc(patients.defects.low_depth)] = settings.defects.low_depth
    relative: Floats = reads / expression.reference_depth
    return relative


def _dispersion(plan: GenePlan, expression: Expression) -> Floats:
    trend = expression.dispersion_floor + expression.dispersion_per_mean / np.exp2(plan.log2_mean)
    dispersion: Floats = trend * plan.dispersion_scatter
    return dispersion


def _design(patients: Patients) -> Floats:
    """Return what the usual analysis adjusts for: group, sex, age, and each centre but the first."""
    table = patients.table
    centres = sorted(table["centre"].unique())[1:]
    columns = [
        np.ones(len(table)),
        patients.is_case,
        table["sex"] == "female",
        table["age"] / table["age"].max(),
        *(table["centre"] == centre for centre in centres),
    ]
    return np.column_stack(columns).astype(float)


def _orthonormal(columns: Floats) -> Floats:
    """Make columns orthonormal one after the other (modified Gram–Schmidt): the same on every machine."""
    basis = columns.copy()
    for i in range(basis.shape[1]):
        for j in range(i):
            basis[:, i] -= basis[:, j] * (basis[:, j] * basis[:, i]).sum()
        basis[:, i] /= np.sqrt((basis[:, i] ** 2).sum())
    return basis
