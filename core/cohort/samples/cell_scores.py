"""How much of each blood cell type a sample seems to hold: measured, or scored by marker genes.

A score is the mean of a cell type's markers, each in units of its own standard deviation over
the samples, minus that of all genes. It orders samples within a data set; it is no percentage and
cannot be compared between data sets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.cohort.model import Cohort
from core.cohort.samples.cell_markers import specific_markers
from core.cohort.samples.groups import is_continuous
from core.cohort.samples.marker_scores import LEAST_MEAN, marker_scores
from core.errors import Fault, InputError

PREFIX = "score:"
FEWEST_MARKERS = 5
# Under 1 % of white blood cells, with markers that also answer to interferon: a score to look at,
# but adjusting for it would take away more than composition.
NOT_COMPOSITION = ("Dendritic cells",)
SCORES_ARE = (
    "Scores, not percentages: the mean of a cell type's marker genes (BTM plus, genes typical of one type "
    "only), each in units of its own spread over the samples, minus that of all genes."
)
_MEASURED = re.compile(
    r"neutro|lympho|mono(cyte|s?\b|_)|eosino|baso(phil|s?\b|_)|granulo|leu[ck]o|\bwbc|platelet|thrombo"
    r"|\bnk\b|nk_?cell|\b[bt]_?cells?|\bcd[348]\b|haemo|hemoglobin|hematocrit|reticulo",
    re.I,
)


def score_name(cell: str) -> str:
    """Return by which name a model takes the score of a cell type as a covariate."""
    return f"{PREFIX}{cell}"


def covariate_words(covariates: Iterable[str]) -> list[str]:
    """Return covariates as one reads them: each by its name, cell scores by their number.

    Examples
    --------
    >>> covariate_words(("age", "score:T cells", "score:B cells"))
    ['age', '2 cell scores']
    """
    names = list(covariates)
    plain = [name for name in names if not name.startswith(PREFIX)]
    scores = len(names) - len(plain)
    return [*plain, *([f"{scores} cell score{'s' * (scores != 1)}"] if scores else [])]


def measured_cells(metadata: pd.DataFrame) -> list[str]:
    """Return the columns of numbers whose name says that blood cells were counted."""
    return [str(n) for n in metadata if is_continuous(metadata[n]) and _MEASURED.search(str(n))]


def scored_cells(cohort: Cohort) -> dict[str, NDArray[np.intp]]:
    """Return the rows of the markers of each cell type that has enough of them in this data set."""
    symbols = cohort.genes["symbol"]
    found = {}
    for cell, markers in specific_markers().items():
        rows = np.flatnonzero(symbols.isin(markers))
        rows = rows[np.asarray(cohort.counts[rows]).mean(axis=1) >= LEAST_MEAN] if len(rows) else rows
        if len(rows) >= FEWEST_MARKERS:
            found[cell] = rows
    return found


def composition_covariates(cohort: Cohort) -> tuple[str, ...]:
    """Return the covariates that stand for cell composition: what was measured first, else scores."""
    measured = measured_cells(cohort.metadata)
    scores = [score_name(cell) for cell in scored_cells(cohort) if cell not in NOT_COMPOSITION]
    return tuple(measured or scores)


def cell_scores(cohort: Cohort) -> pd.DataFrame:
    """Return the score of each cell type in each sample.

    Returns
    -------
    pandas.DataFrame of shape (n_samples, n_cells)
        Indexed by sample; no column for a cell type with fewer than 5 markers that are expressed.
    """
    return pd.DataFrame(marker_scores(cohort.counts, scored_cells(cohort)), index=cohort.samples)


def with_scores(cohort: Cohort, names: Iterable[str]) -> pd.DataFrame:
    """Return the metadata, with a column for each covariate that is a score.

    Parameters
    ----------
    cohort : Cohort
        The cohort.
    names : iterable of str
        Covariates; those that begin with ``score:`` are computed, unless the metadata have them.

    Raises
    ------
    InputError
        If a score is asked for that this data set has too few markers for.
    """
    wanted = [name for name in names if name.startswith(PREFIX) and name not in cohort.metadata]
    if not wanted:
        return cohort.metadata
    scores = cell_scores(cohort).rename(columns=score_name)
    unknown = [name for name in wanted if name not in scores]
    if unknown:
        raise InputError([_no_score(name, list(scores.columns)) for name in unknown])
    return pd.concat([cohort.metadata, scores[wanted]], axis=1)


def _no_score(name: str, known: list[str]) -> Fault:
    return Fault(
        "unknown-score",
        f"covariate {name!r}",
        f"there is no such score: it takes {FEWEST_MARKERS} expressed marker genes of a blood cell type",
        f"Choose among {', '.join(known)}" if known else "Do without cell scores",
    )
