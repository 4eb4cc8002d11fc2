"""What a check is, and what it may look at."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.models.metrics.base import MISSING, Interval
from core.models.result import CheckResult, Severity


@dataclass(frozen=True)
class Facts:
    """What the checks look at: numbers and small tables, so that each check can be tried alone.

    Parameters
    ----------
    model : str
        The model that claims are made of; "" if none was run.
    n_case, n_control : int
        Samples.
    auc : mapping of str to Interval
        Of each model, on pooled predictions of the cross-validation.
    centre_auc, external_auc : Interval
        Of `model`: within centres each predicted by the others; in the external cohort.
    slope, in_the_large : Interval
        Calibration of `model`.
    permuted : numpy.ndarray
        Areas after the labels changed hands.
    observed : float
        Area that they are to be compared with.
    outside : float
        Area that choosing genes outside the folds claims.
    stability : float
        Of the genes chosen by `model` or the gene model; missing where nothing is chosen.
    chooses : bool
        Whether genes are chosen among more candidates.
    centres : pandas.DataFrame
        Indexed by centre: ``case`` and ``control``; empty without a centre column.
    subgroups : pandas.DataFrame
        ``column``, ``level``, ``case``, ``control`` of sexes and centres.
    predictors : pandas.DataFrame
        See `core.models.pipelines.predictors.predictor_table`.
    included_unsafe : tuple of str
        Columns taken in on purpose.
    single : mapping of str to float
        Area of each clinical predictor by itself, in the better direction.
    columns : tuple of str
        All metadata columns.
    parameters : int
        Predictors that `model` looks at.
    """

    model: str = "genes"
    n_case: int = 0
    n_control: int = 0
    auc: dict[str, Interval] = field(default_factory=dict)
    centre_auc: Interval = MISSING
    external_auc: Interval = MISSING
    slope: Interval = MISSING
    in_the_large: Interval = MISSING
    permuted: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    observed: float = float("nan")
    outside: float = float("nan")
    stability: float = float("nan")
    chooses: bool = True
    centres: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"case": [], "control": []}))
    subgroups: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame({"column": [], "level": [], "case": [], "control": []})
    )
    predictors: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame({"column": [], "known_before": [], "used": []})
    )
    included_unsafe: tuple[str, ...] = ()
    single: dict[str, float] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    parameters: int = 0

    @property
    def primary_auc(self) -> Interval:
        """Area of the model that claims are made of."""
        return self.auc.get(self.model, MISSING)


class Check(ABC):
    """One thing that could be wrong.

    `tripod` are numbers of items of TRIPOD+AI, `probast` domains of PROBAST+AI, on which it bears.
    """

    code: ClassVar[str]
    title: ClassVar[str]
    tripod: ClassVar[tuple[str, ...]] = ()
    probast: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def inspect(self, facts: Facts) -> CheckResult:
        """Return what is found."""

    def found(self, severity: Severity, explanation: str, *, because: str = "") -> CheckResult:
        """Return a finding; `because` says why the check could not be made."""
        return CheckResult(
            self.code, self.title, severity, explanation, because, tripod=self.tripod, probast=self.probast
        )

    def not_applicable(self, because: str) -> CheckResult:
        """Say why the check cannot be made."""
        return self.found("not applicable", "This check was not made.", because=because)


PARTICIPANTS = "1 participants and data"
PREDICTORS = "2 predictors"
OUTCOME = "3 outcome"
ANALYSIS = "4 analysis"


def digits(value: float) -> str:
    """Return a number with two digits and a true minus; what rounds to nothing has no sign."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")


def words(interval: Interval) -> str:
    """Return a value with its 95 % interval, for sentences."""
    if np.isnan(interval.lower):
        return digits(interval.value)
    ends = f"{digits(interval.lower)} to {digits(interval.upper)}"
    return f"{digits(interval.value)} (95 % interval {ends})"
