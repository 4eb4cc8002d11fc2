"""A differential-expression result: what it holds, and how the store keeps it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.de.spec import DESpec
from core.record import Record
from core.store import Draft, Entry, result_key

# Part of every key: raise it whenever a change in core/de can change a number.
ALGORITHM = "deseq2-6"
SIZES, FITS, SHRINKAGES = "sizes", "fits", "shrinkages"  # kinds of entries that a result is made of

TABLE_COLUMNS = (
    "gene",
    "symbol",
    "baseMean",
    "log2FoldChange",
    "lfcSE",
    "stat",
    "pvalue",
    "padj",
    "log2FoldChangeShrunken",
    "lfcSEShrunken",
    "dispersion",
    "dispersionGeneWise",
    "dispersionTrend",
    "outlier",
    "note",
)


@dataclass(frozen=True)
class CovariateInfo:
    """How one metadata column enters the design.

    Parameters
    ----------
    name : str
        Metadata column.
    kind : {"categorical", "continuous"}
        Words are categorical, numbers are continuous.
    reference : str
        Level all others are compared with; "" for a continuous covariate.
    mean, sd : float or None
        What a continuous covariate was centred on and divided by, if it was.
    """

    name: str
    kind: Literal["categorical", "continuous"]
    reference: str = ""
    mean: float | None = None
    sd: float | None = None


@dataclass(frozen=True, kw_only=True)
class RunInfo(Record):
    """What a reader must know about a comparison besides its numbers, and what `Record` says of any.

    Parameters
    ----------
    n_case, n_control : int
        Samples compared.
    n_genes, n_active, n_tested : int
        Genes of the cohort; that passed the expression filter; with an adjusted p-value.
    min_samples : int
        Samples in which an active gene reaches the minimum count (0: filter off).
    active_definition : str
        What "active" means, as the end of a sentence.
    outlier_state : {"active", "partial", "off", "not needed"}
        Whether outlier counts were dealt with.
    outlier_reason : str
        That in words, with the reason.
    n_replaced, n_withheld : int
        Genes with a replaced outlier; genes whose p-value an outlier withholds.
    coefficients : tuple of str
        Names of the coefficients; the tested one is the last.
    covariates : tuple of CovariateInfo
        How each covariate entered.
    variance_inflation : float
        Of the tested coefficient, through the covariates; 1 is none.
    freedom : float or None
        Degrees of freedom of the t distribution of the statistics; None for the normal.
    group_sizes : mapping of str to int
        Samples of each group that the model is fitted to.
    """

    n_case: int
    n_control: int
    n_genes: int
    n_active: int
    n_tested: int
    min_samples: int
    active_definition: str
    outlier_state: str
    outlier_reason: str
    n_replaced: int
    n_withheld: int
    coefficients: tuple[str, ...]
    covariates: tuple[CovariateInfo, ...]
    variance_inflation: float
    freedom: float | None = None
    group_sizes: dict[str, int] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Rebuild from `to_dict` after a passage through JSON."""
        coefficients = tuple(values["coefficients"])
        covariates = tuple(CovariateInfo(**item) for item in values["covariates"])
        return super().from_dict({**values, "coefficients": coefficients, "covariates": covariates})


@dataclass(frozen=True)
class DEResult:
    """A comparison of two groups, gene by gene.

    Parameters
    ----------
    spec : DESpec
        What was asked.
    digest : str
        Content hash of the cohort.
    table : pandas.DataFrame of n_genes rows, RangeIndex
        One row per gene of the cohort, in its order; columns `TABLE_COLUMNS`. Fold changes are
        log2, positive where higher in case. ``outlier`` is "", "replaced" or "withheld";
        ``note`` says why ``padj`` is missing and is "" where it is not.
    run : RunInfo
        How it was made.
    samples : pandas.DataFrame of n_used rows, indexed by sample
        Column ``group``, ``size_factor``, then one column per coefficient of the design.
    """

    spec: DESpec
    digest: str
    table: pd.DataFrame
    run: RunInfo
    samples: pd.DataFrame

    @property
    def size_factors(self) -> pd.Series:
        """Size factor of each sample compared, indexed by sample."""
        return self.samples["size_factor"]

    @property
    def groups(self) -> pd.Series:
        """Case or control level of each sample compared, indexed by sample."""
        return self.samples["group"]

    @property
    def design(self) -> pd.DataFrame:
        """The design matrix, indexed by sample; the tested coefficient is the last column."""
        return self.samples.drop(columns=["group", "size_factor"])


def write_result(draft: Draft, result: DEResult) -> None:
    """Put a result into an entry of the store in the making."""
    draft.write_table("genes", result.table)
    draft.write_table("samples", result.samples)
    draft.run["info"] = result.run.to_dict()


def read_result(entry: Entry) -> DEResult:
    """Rebuild a result from its entry in the store."""
    return DEResult(
        spec=DESpec.from_json(entry.run["spec"]),
        digest=entry.run["digest"],
        table=entry.table("genes"),
        run=RunInfo.from_dict(entry.run["info"]),
        samples=entry.table("samples"),
    )


def fit_key(digest: str, spec: DESpec) -> str:
    """Return the key of the fit, which serves every alpha, threshold and direction.

    That of all groups serves every pair of them.
    """
    plain = _plain(spec)
    plain = replace(plain, case="", control="") if spec.all_groups else plain
    return result_key(dataset=digest, spec=plain, algorithm=ALGORITHM)


def shrinkage_key(digest: str, spec: DESpec) -> str:
    """Return the key of the shrinkage of a fit, which serves every alpha, threshold and direction."""
    return result_key(dataset=digest, spec=_plain(spec), algorithm=ALGORITHM)


def _plain(spec: DESpec) -> DESpec:
    case, control = fitted_pair(spec)
    return replace(spec, case=case, control=control, alpha=0.05, lfc_threshold=0.0, shrink=False)


def size_key(digest: str, positions: NDArray[np.integer], active: NDArray[np.bool_]) -> str:
    """Return the key of the size factors, which serve every design of these samples and genes."""
    used = hashlib.sha256(np.int64(positions).tobytes() + b"|" + active.tobytes()).hexdigest()
    return hashlib.sha256(f"{digest}|{used}|{ALGORITHM}".encode()).hexdigest()


def fitted_pair(spec: DESpec) -> tuple[str, str]:
    """Return case and control as they are in the fit that serves a specification.

    One fit serves both directions, so that swapping case and control changes every sign and
    nothing else, to the last digit. Not so without scaling: as in R, the fit may then depend on
    the direction.
    """
    pair = spec.case, spec.control
    return (min(pair), max(pair)) if spec.scale else pair
