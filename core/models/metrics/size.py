"""How many patients a risk model needs: the four criteria of Riley and colleagues.

Riley 2020 (doi 10.1136/bmj.m441) with the formulas of Riley 2019 (doi 10.1002/sim.7992) and of van Smeden
2019 for the second. A c statistic is turned into Cox and Snell's R² as Riley, Van Calster & Collins 2021
(doi 10.1002/sim.8806) do: log odds normal, with equal variance in cases and controls. They simulate a
million patients; here the same is integrated, so there is no error of simulation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.stats import norm

from core.errors import Fault, InputError

SHRINKAGE = 0.9
MARGIN = 0.05  # of the overall risk, of the mean absolute error, and of the optimism in R²
MOST_PARAMETERS = 30  # the second criterion was derived for at most as many


@dataclass(frozen=True)
class SampleSize:
    """Patients needed.

    Parameters
    ----------
    parameters : int
        Candidate predictor parameters.
    prevalence : float
        Share of cases in the study.
    r2_cox_snell : float
        Anticipated.
    overall_risk, mean_error, shrinkage, optimism : int
        Patients each criterion needs: overall risk known to ± 0.05; mean absolute error of the risks at most
        0.05 (0 where there are more parameters than it holds for); predictions shrunk by at most 10 %; R²
        too good by at most 0.05.
    """

    parameters: int
    prevalence: float
    r2_cox_snell: float
    overall_risk: int
    mean_error: int
    shrinkage: int
    optimism: int

    @property
    def needed(self) -> int:
        """Patients that satisfy all four."""
        return max(self.overall_risk, self.mean_error, self.shrinkage, self.optimism)

    @property
    def for_parameters(self) -> int:
        """Patients that satisfy the three that depend on the number of parameters."""
        return max(self.mean_error, self.shrinkage, self.optimism)


def sample_size(*, parameters: int, prevalence: float, c: float = 0.0, r2: float | None = None) -> SampleSize:
    """Return the patients needed to develop a model.

    Parameters
    ----------
    parameters : int
        Candidate predictor parameters, all that are looked at, not only those kept.
    prevalence : float
        Share of cases in the study.
    c : float
        Anticipated c statistic (area under the ROC curve), above 0.5.
    r2 : float, optional
        Anticipated Cox and Snell's R², instead of `c`.

    Raises
    ------
    InputError
        If a value is out of range, with every fault.
    """
    _check(parameters=parameters, prevalence=prevalence, c=c, r2=r2)
    r2 = cox_snell_r2(c, prevalence=prevalence) if r2 is None else r2
    largest = largest_r2(prevalence)
    less_optimistic = r2 / (r2 + MARGIN * largest)
    return SampleSize(
        parameters=parameters,
        prevalence=prevalence,
        r2_cox_snell=r2,
        overall_risk=math.ceil((1.96 / MARGIN) ** 2 * prevalence * (1 - prevalence)),
        mean_error=_for_mean_error(parameters, prevalence),
        shrinkage=_for_shrinkage(parameters, r2, SHRINKAGE),
        optimism=_for_shrinkage(parameters, r2, less_optimistic),
    )


def parameters_allowed(n: int, *, prevalence: float, c: float) -> int:
    """Return the most parameters that `n` patients can carry, by the criteria that depend on them."""
    allowed = 0
    while sample_size(parameters=allowed + 1, prevalence=prevalence, c=c).for_parameters <= n:
        allowed += 1
    return allowed


@lru_cache(maxsize=256)
def cox_snell_r2(c: float, *, prevalence: float) -> float:
    """Return Cox and Snell's R² of a well calibrated model with this c statistic."""
    apart = math.sqrt(2) * norm.ppf(c)
    x = np.linspace(-9, 9 + apart, 20_001)
    cases, controls = prevalence * norm.pdf(x - apart), (1 - prevalence) * norm.pdf(x)
    with np.errstate(divide="ignore", invalid="ignore"):
        likelihood = cases * np.log(cases / (cases + controls)) + controls * np.log(
            controls / (cases + controls)
        )
    gained = float(np.nansum(likelihood) * (x[1] - x[0])) - _null(prevalence)
    return 1 - math.exp(-2 * gained)


def largest_r2(prevalence: float) -> float:
    """Return the largest Cox and Snell's R² possible at a share of cases."""
    return 1 - math.exp(2 * _null(prevalence))


def _null(prevalence: float) -> float:
    return prevalence * math.log(prevalence) + (1 - prevalence) * math.log(1 - prevalence)


def _for_shrinkage(parameters: int, r2: float, shrinkage: float) -> int:
    if r2 >= shrinkage:
        return parameters + 1
    return math.ceil(parameters / ((shrinkage - 1) * math.log(1 - r2 / shrinkage)))


def _for_mean_error(parameters: int, prevalence: float) -> int:
    if parameters > MOST_PARAMETERS:
        return 0
    rarer = min(prevalence, 1 - prevalence)
    power = -0.508 + 0.259 * math.log(rarer) + 0.504 * math.log(parameters) - math.log(MARGIN)
    return math.ceil(math.exp(power / 0.544))


def _check(*, parameters: int, prevalence: float, c: float, r2: float | None) -> None:
    wrong = {
        "number of parameters": (parameters < 1, f"{parameters} is less than 1"),
        "share of cases": (not 0 < prevalence < 1, f"{prevalence:g} is not between 0 and 1"),
        "c statistic": (r2 is None and not 0.5 < c < 1, f"{c:g} is not between 0.5 and 1"),
        "R²": (r2 is not None and not 0 < r2 < 1, f"{r2} is not between 0 and 1"),
    }
    faults = [
        Fault("bad-sample-size", f"sample size, {name}", what, "Give a value within these limits")
        for name, (is_wrong, what) in wrong.items()
        if is_wrong
    ]
    if faults:
        raise InputError(faults)
