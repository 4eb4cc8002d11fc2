"""What a cohort is once it has been read: counts, genes, metadata, and who is who."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.errors import Notice
from core.spec import Spec, option


@dataclass(frozen=True)
class Roles(Spec):
    """Metadata columns with a meaning of their own; None where there is none."""

    patient: str | None = option(
        None,
        label="Patient",
        help="Column that names patients; several samples of one are not independent.",
        metavar="COL",
    )
    centre: str | None = option(
        None,
        label="Centre or batch",
        help="Column of the centre, shown in the figures and offered as a covariate.",
        metavar="COL",
    )
    sex: str | None = option(
        None,
        label="Sex",
        help="Column of the sex, shown in the figures and compared with genes of the X and Y chromosomes.",
        metavar="COL",
    )


@dataclass(frozen=True)
class Cohort:
    """A validated cohort in canonical order (samples and genes sorted by identifier).

    Parameters
    ----------
    name : str
        What people call it.
    counts : numpy.ndarray of shape (n_genes, n_samples), int32 or int64
        Raw counts; may be memory-mapped, never to be written to.
    genes : pandas.DataFrame of n_genes rows, RangeIndex
        Columns ``gene`` (unique identifier as analysed, version suffix removed), ``given``
        (as written in the file; several joined by "|"), ``symbol``, ``name``, ``ensembl_id``,
        ``entrez_id``, ``chromosome`` ("" where unknown).
    metadata : pandas.DataFrame of n_samples rows, indexed by sample identifier (str)
        Text columns are str with missing values as None, number columns float or int.
    roles : Roles
        Which columns hold patient, centre and sex.
    simulated : bool
        Whether the data are simulated; marks every figure, table and export.
    notices : tuple of Notice
        What a reader must know about how the files were read.
    """

    name: str
    counts: NDArray[np.integer]
    genes: pd.DataFrame
    metadata: pd.DataFrame
    roles: Roles = Roles()
    simulated: bool = False
    notices: tuple[Notice, ...] = ()

    @property
    def samples(self) -> pd.Index:
        """Sample identifiers in the order of the columns of `counts`."""
        return self.metadata.index


def content_hash(cohort: Cohort) -> str:
    """Return sha256 over the cohort's content: counts, identifiers and metadata, in canonical order.

    The cohort's name, and the order and layout of the files it came from, do not enter.
    """
    digest = hashlib.sha256()
    digest.update(np.ascontiguousarray(cohort.counts, dtype="<i8").tobytes())
    for text in (*cohort.genes["gene"], *cohort.samples):
        digest.update(f"{text}\0".encode())
    digest.update(cohort.metadata.to_csv(lineterminator="\n").encode())
    digest.update(f"{cohort.simulated}{cohort.roles.to_json()}".encode())
    return digest.hexdigest()
