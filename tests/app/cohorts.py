"""Cohorts as people really have them, small enough to be compared while a test waits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from core.cohort.gene_table import human_genes
from core.cohort.model import Cohort, Roles
from core.de.spec import DESpec
from tests.de.cohorts import as_cohort, small_cohort, small_metadata

CRUDE = DESpec("group", "TRD", "non-TRD")
SCRIPT = "<script>alert(1)</script>"
LINK = "[free](http://evil.example)"


@dataclass(frozen=True)
class Case:
    """A data set with its comparison, and what the pages of the comparison must say.

    `spec` is None where nothing can be, or was, chosen; `computed` is False where nobody
    has asked for the result yet.
    """

    name: str
    cohort: Cohort
    spec: DESpec | None = CRUDE
    computed: bool = True
    gene: str = "G015"
    overview: str = ""
    genes: str = ""
    gene_page: str = ""
    data: str = "What to compare"


def samples(n: int, **columns: object) -> pd.DataFrame:
    """Metadata of `n` samples, half of them TRD."""
    groups = ["TRD" if i % 2 else "non-TRD" for i in range(n)]
    index = pd.Index([f"S{i:02d}" for i in range(n)], name="sample")
    return pd.DataFrame({"group": groups, **columns}, index=index)


def counts_of(metadata: pd.DataFrame, genes: list[str], *, log2_fold_changes: np.ndarray) -> pd.DataFrame:
    """Negative-binomial counts around 200, with a fold change of each gene in TRD."""
    rng = np.random.default_rng(3)
    case = (metadata.iloc[:, 0] == metadata.iloc[:, 0].max()).to_numpy()
    mu = rng.uniform(100, 300, (len(genes), 1)) * np.exp2(log2_fold_changes[:, None] * case)
    return pd.DataFrame(rng.negative_binomial(20, 20 / (20 + mu)), index=genes, columns=metadata.index)


def tiny() -> Cohort:
    """Three against three, twelve genes."""
    metadata, genes = samples(6), [f"G{i:03d}" for i in range(12)]
    return as_cohort(counts_of(metadata, genes, log2_fold_changes=np.zeros(12)), metadata)


def null() -> Cohort:
    """Forty genes of which none differs."""
    metadata, genes = samples(16), [f"G{i:03d}" for i in range(40)]
    return as_cohort(counts_of(metadata, genes, log2_fold_changes=np.zeros(40)), metadata)


def all_different() -> Cohort:
    """Forty genes that all differ, half of them in either direction."""
    metadata, genes = samples(16), [f"G{i:03d}" for i in range(40)]
    changes = np.where(np.arange(40) % 2, 3.0, -3.0)
    return as_cohort(counts_of(metadata, genes, log2_fold_changes=changes), metadata)


def one_group() -> Cohort:
    """Nothing to compare: everybody is TRD, and no other column has two values."""
    metadata = small_metadata().assign(group="TRD", sex="F", centre="Barcelona").drop(columns="age")
    return replace(small_cohort(), metadata=metadata)


def gaps() -> Cohort:
    """Missing values in the groups, in a category and in a number."""
    metadata = small_metadata()
    for row, column in enumerate(("group", "sex", "sex", "age", "centre")):
        metadata[column] = metadata[column].astype(object)
        metadata.iloc[row, list(metadata.columns).index(column)] = None
    metadata["age"] = metadata["age"].astype(float)
    return replace(small_cohort(), metadata=metadata)


def three_groups() -> Cohort:
    """Resistant, remitted and healthy; one gene is silent in patients."""
    status = [("healthy", "remitted", "resistant")[i % 3] for i in range(36)]
    metadata = small_metadata(36).assign(status=status)
    found = small_cohort(metadata=metadata)
    found.counts[7] = np.where(metadata["status"] == "healthy", 60 + np.arange(36), 0)
    return found


def fly() -> Cohort:
    """Identifiers of which the human gene table knows none."""
    found = small_cohort()
    names = [f"FBgn{i:07d}" for i in range(len(found.genes))]
    return replace(found, genes=found.genes.assign(gene=names, given=names))


def named() -> Cohort:
    """Human genes with symbol, Ensembl identifier and chromosome; simulated."""
    metadata = samples(16, sex=["F", "F", "M", "M"] * 4)
    ids = ["ENSG00000119917", "ENSG00000176697", "ENSG00000244734", "ENSG00000169057"]
    ids += [f"ENSG000009{i:05d}" for i in range(40)]
    changes = np.zeros(len(ids))
    changes[::3] = 1.0
    plain = as_cohort(counts_of(metadata, ids, log2_fold_changes=changes), metadata)
    known = human_genes().resolve(list(plain.genes["gene"]))
    genes = plain.genes.copy()
    for column in ("symbol", "name", "ensembl_id", "entrez_id", "chromosome"):
        genes[column] = known[column].fillna("").astype(str).to_numpy()
    return replace(plain, name="Human genes", genes=genes, simulated=True, roles=Roles(sex="sex"))


def hostile() -> Cohort:
    """Names that are HTML and Markdown: data set, columns, levels, genes."""
    metadata = samples(16)
    metadata["group"] = metadata["group"].map({"TRD": f"b {SCRIPT}", "non-TRD": f"a {LINK}"})
    metadata[f"sex {SCRIPT} {LINK}"] = ["F", "F", "M", "M"] * 4
    metadata.columns = [f"group {LINK}", metadata.columns[1]]
    genes = [f"{i:02d} {SCRIPT} {LINK}" for i in range(40)]
    changes = np.where(np.arange(40) % 2, 1.0, 0.0)
    found = as_cohort(counts_of(metadata, genes, log2_fold_changes=changes), metadata)
    roles = Roles(sex=metadata.columns[1])
    return replace(found, name=f"Data {SCRIPT} {LINK}", roles=roles)


def hostile_spec() -> DESpec:
    group, sex = hostile().metadata.columns
    return DESpec(group, f"b {SCRIPT}", f"a {LINK}", (sex,), shrink=True)
