"""All that is shown of one model, at one cut-off and one share of cases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.models.metrics.base import Interval, shift_prevalence
from core.models.metrics.calibration import Recalibration, calibration_curve, calibration_slope_intercept
from core.models.metrics.decision import Confusion, confusion, net_benefit
from core.models.metrics.roc import auc_delong, average_precision, precision_recall, roc
from core.models.metrics.size import SampleSize, parameters_allowed, sample_size
from core.models.metrics.subgroups import subgroup_performance
from core.models.reading.compare import area_outside, pooled_scheme
from core.models.result import BASE, REST, ModelResult

SUBGROUPS = ("sex", "centre")


@dataclass(frozen=True)
class Evidence:
    """Panels that one cut-off and one share of cases move together.

    Parameters
    ----------
    model : str
        Key of the model.
    cutoff, prevalence : float
        Risk at and above which a patient is called a case, where a share `prevalence` are cases.
    study : float
        Share of cases in the study.
    auc : Interval
        Of pooled out-of-fold predictions, DeLong.
    average_precision : Interval
        At `prevalence`.
    recalibration : Recalibration
        At the study's share of cases.
    risks : pandas.DataFrame
        ``y`` and ``p`` (shifted to `prevalence`) of every patient; no names.
    roc, precision_recall, calibration, decision : pandas.DataFrame
        Curves; see `core.models.metrics.roc` and its neighbours. The thresholds of the first two are
        shifted to `prevalence`.
    confusion : Confusion
        Who is called a case.
    subgroups : pandas.DataFrame
        See `core.models.metrics.subgroups.subgroup_performance`.
    """

    model: str
    cutoff: float
    prevalence: float
    study: float
    auc: Interval
    average_precision: Interval
    recalibration: Recalibration
    risks: pd.DataFrame
    roc: pd.DataFrame
    precision_recall: pd.DataFrame
    calibration: pd.DataFrame
    decision: pd.DataFrame
    confusion: Confusion
    subgroups: pd.DataFrame


def study_share(result: ModelResult) -> float:
    """Return the share of cases among the patients used."""
    return result.run.n_case / (result.run.n_case + result.run.n_control)


def collect_evidence(
    result: ModelResult, model: str, *, cutoff: float, prevalence: float, scheme: str = "cv"
) -> Evidence:
    """Return all panels of a model.

    Parameters
    ----------
    result : ModelResult
        With predictions of the model.
    model : str
        Its key.
    cutoff, prevalence : float
        See `Evidence`.
    scheme : {"cv", "centre", "external"}
        Which predictions.
    """
    table = pooled_scheme(result, scheme)
    table = table[table["model"] == model]
    y, p = table["y"].to_numpy(np.float64), table["p"].to_numpy(np.float64)
    study = float(y.mean())
    shifted = shift_prevalence(p, study=study, target=prevalence)
    curves = [roc(y, p), precision_recall(y, p, prevalence=prevalence)]
    for curve in curves:
        finite = np.isfinite(curve["threshold"])
        at = shift_prevalence(curve.loc[finite, "threshold"], study=study, target=prevalence)
        curve.loc[finite, "threshold"] = at
    patients = result.patients.set_index("sample").reindex(table["sample"])
    columns = {
        name: patients[name].reset_index(drop=True) for name in SUBGROUPS if patients[name].notna().any()
    }
    return Evidence(
        model=model,
        cutoff=cutoff,
        prevalence=prevalence,
        study=study,
        auc=auc_delong(y, p),
        average_precision=average_precision(y, p, prevalence=prevalence),
        recalibration=calibration_slope_intercept(y, p),
        risks=pd.DataFrame({"y": y, "p": shifted}),
        roc=curves[0],
        precision_recall=curves[1],
        calibration=calibration_curve(y, p, prevalence=prevalence),
        decision=net_benefit(y, p, prevalence=prevalence),
        confusion=confusion(y, p, cutoff=cutoff, prevalence=prevalence),
        subgroups=subgroup_performance(y, p, columns),
    )


@dataclass(frozen=True)
class PatientView:
    """One patient's prediction, without the patient's name.

    Parameters
    ----------
    number : int
        Pseudonym, see `pseudonyms`.
    y : int
        1 if a case.
    risks : pandas.Series
        Out-of-fold risk in each repeat, at the study's share of cases.
    pooled : float
        Their mean on the logit scale, as a risk.
    reasons : pandas.DataFrame
        ``feature``, ``mean``, ``low``, ``high``, ``value``: contribution to the log odds over repeats and its
        range, largest first; `REST` and `BASE` last. ``times`` is in how many repeats it counted.
    """

    number: int
    y: int
    risks: pd.Series
    pooled: float
    reasons: pd.DataFrame


def pseudonyms(result: ModelResult) -> pd.Series:
    """Return a number from 1 for each sample, drawn by the content hash, not by order or outcome."""
    samples = sorted(result.patients["sample"])
    seed = int(result.digest[:12] or "0", 16)
    numbers = np.random.default_rng(seed).permutation(len(samples)) + 1
    return pd.Series(numbers, index=pd.Index(samples, name="sample"))


def view_patient(result: ModelResult, model: str, number: int) -> PatientView | None:
    """Return the prediction of one patient by pseudonym; None if there is no such patient or prediction."""
    numbers = pseudonyms(result)
    found = numbers.index[numbers == number]
    if not len(found):
        return None
    sample = found[0]
    rows = result.predictions
    rows = rows[(rows["scheme"] == "cv") & (rows["model"] == model) & (rows["sample"] == sample)]
    if rows.empty:
        return None
    table = pooled_scheme(result, "cv")
    pooled_row = table[(table["model"] == model) & (table["sample"] == sample)]
    given = result.contributions
    given = given[(given["model"] == model) & (given["sample"] == sample)]
    return PatientView(
        number=number,
        y=int(rows["y"].iloc[0]),
        risks=rows.sort_values("repeat").set_index("repeat")["p"],
        pooled=float(pooled_row["p"].iloc[0]),
        reasons=_reasons(given),
    )


def _reasons(given: pd.DataFrame) -> pd.DataFrame:
    grouped = given.groupby("feature", sort=False)
    table = grouped.agg(
        mean=("contribution", "mean"),
        low=("contribution", "min"),
        high=("contribution", "max"),
        value=("value", "mean"),
        times=("contribution", "size"),
    ).reset_index()
    last = table["feature"].isin((REST, BASE))
    order = table["mean"].abs().where(~last, -1.0).sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


@dataclass(frozen=True)
class Teaching:
    """What choosing genes outside the folds would have claimed, beside the honest figure."""

    honest: Interval
    claimed: Interval


def teaching(result: ModelResult) -> Teaching | None:
    """Return both areas; None where either was not computed."""
    table = pooled_scheme(result, "cv")
    table = table[table["model"] == "genes"]
    if table.empty or result.outside.empty:
        return None
    return Teaching(auc_delong(table["y"], table["p"]), area_outside(result.outside))


def first_repeat_auc(result: ModelResult, model: str) -> float:
    """Return the area of a model in the first repeat alone: what permuted labels are compared with."""
    rows = result.predictions
    rows = rows[(rows["scheme"] == "cv") & (rows["model"] == model) & (rows["repeat"] == 1)]
    return auc_delong(rows["y"], rows["p"]).value


@dataclass(frozen=True)
class SizeStatement:
    """How many parameters this many patients can carry, and what twenty would need."""

    n: int
    c: float
    allowed: int
    twenty: SampleSize


def size_statement(result: ModelResult, *, c: float = 0.7) -> SizeStatement:
    """Return the sample-size statement at an anticipated c statistic, chosen before the result was known."""
    n, prevalence = result.run.n_case + result.run.n_control, study_share(result)
    return SizeStatement(
        n=n,
        c=c,
        allowed=parameters_allowed(n, prevalence=prevalence, c=c),
        twenty=sample_size(parameters=20, prevalence=prevalence, c=c),
    )
