"""What other blood studies found, beside what this cohort shows: the conflict, not a choice from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from core.pathways.sets.collections import DATA

PATH = DATA / "literature.tsv"
SINGLE_GENES = "single genes"


@dataclass(frozen=True)
class Topic:
    """A result of the literature that a cohort can be asked about.

    Parameters
    ----------
    name : str
        As in the file.
    collection, set_name : str
        Gene set whose score speaks for it; "" where a gene does.
    gene : str
        Symbol of the gene that speaks for it; "" where a set does.
    """

    name: str
    collection: str = ""
    set_name: str = ""
    gene: str = ""

    @property
    def measure(self) -> str:
        """What stands for the topic here."""
        return self.gene or self.set_name


TOPICS = (
    Topic("interferon", "hallmark", "HALLMARK_INTERFERON_ALPHA_RESPONSE"),
    Topic("inflammasome", "btm", "inflammasome receptors and signaling (M53)"),
    Topic("neutrophils", "btm", "enriched in neutrophils (I) (M37.1)"),
    Topic("NK cells", "btm", "enriched in NK cells (I) (M7.2)"),
    Topic("glucocorticoid receptor", gene="NR3C1"),
)


@lru_cache(maxsize=1)
def studies() -> pd.DataFrame:
    """Return the studies: ``topic``, ``study``, ``identifier``, ``samples``, ``direction``, ``result``."""
    return pd.read_csv(PATH, sep="\t", comment="#", keep_default_na=False, dtype=str)
