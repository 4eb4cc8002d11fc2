"""Say how far our numbers agree with others', and where the rest comes from.

``python -m tests.bench_agreement`` prints three tables: which of DESeq2's rules makes the difference
between ours and PyDESeq2 as it is; whose shrunken fold changes are the likelier; and how ours and
PyDESeq2 as it is agree with R on the reference data. Words after it choose among them.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from pydeseq2.dds import DeseqDataSet

from core.de.deseq2.adjust import filtered_padj
from core.de.deseq2.dispersion import fit_prior, fit_trend
from core.de.engine.inference import BatchInference
from core.de.engine.rules import DESEQ2, PYDESEQ2
from core.de.timing import usable_cpus
from core.store import Store
from tests.bench_engine import agree, demonstration, say
from tests.conftest import SHARED
from tests.de.cases import CASES, both_agreements
from tests.de.reference import EVEN, Genes, data_set, last_tested, shrunken_modes

ALPHA = 0.05
RULES = {
    "least fitted mean in dispersions": {"min_mu"},
    "where a search for a dispersion ends": {"endings"},
    "dispersion trend": {"trend"},
    "prior variance": {"prior"},
    "least fitted mean in standard errors": {"min_mu_errors"},
    "independent filtering": {"filtering"},
}


def rules() -> None:
    """Take over DESeq2's rules one by one, and say what each changes and what then remains to ours."""
    prepared = demonstration()
    fit = partial(with_rules, prepared.counts[prepared.active], prepared.design.matrix)
    plain, ours = fit(set()), fit(set().union(*RULES.values()))
    say(f"{'none of them, our engine':<38}to ours: {agree(plain, ours)}")
    kept: set[str] = set()
    for name, rule in RULES.items():
        kept |= rule
        say(f"{name:<38}alone changes: {agree(fit(rule), plain)}")
        say(f"{'':<38}with those above, to ours: {agree(fit(kept), ours)}")


def with_rules(counts: np.ndarray, matrix: pd.DataFrame, kept: set[str]) -> pd.DataFrame:
    """Run PyDESeq2 with our engine and some of DESeq2's rules."""
    chosen = {name: value for name, value in vars(DESEQ2).items() if name in kept}
    engine = BatchInference(n_cpus=usable_cpus(), rules=replace(PYDESEQ2, **chosen))
    data = data_set(counts, matrix, inference=engine)
    data.fit_size_factors()
    data.fit_genewise_dispersions()
    (fit_trend if "trend" in kept else DeseqDataSet.fit_dispersion_trend)(data)
    (fit_prior if "prior" in kept else DeseqDataSet.fit_dispersion_prior)(data)
    data.fit_MAP_dispersions()
    data.fit_LFC()
    data.calculate_cooks()
    data.refit()
    data.cooks_outlier()
    found = last_tested(data).results_df
    if "filtering" in kept:
        padj = filtered_padj(found["baseMean"].to_numpy(), found["pvalue"].to_numpy(), alpha=ALPHA)
        found = found.assign(padj=padj)
    return found


def shrinkage() -> None:
    """Say for how many genes our shrunken fold change is the likelier, and what ends PyDESeq2's search."""
    prepared = demonstration()
    genes = Genes.fitted(prepared.counts[prepared.active], prepared.design.matrix, n_cpus=usable_cpus())
    modes = shrunken_modes(genes, n_cpus=usable_cpus())
    n_genes = len(modes)
    for other, name in (("theirs", "PyDESeq2"), ("ended", "PyDESeq2, its search gone on with")):
        gain = modes[f"over_{other}"]
        say(
            f"{name:<34}ours is the higher posterior for {(gain > EVEN).sum()} of {n_genes} genes, lower for "
            f"{(gain < -EVEN).sum()} (by {gain.max():.1g} at most, and {max(-gain.min(), 0):.1g}); "
            f"{_apart(modes['ours'], modes[other])}"
        )
    say("The same model with its covariates in another order, which changes nothing but the way to the mode:")
    for whose, name in (("theirs", "PyDESeq2 and itself"), ("ours", "ours and itself")):
        say(f"{name:<34}{_apart(modes[whose], modes[f'{whose}_reordered'])}")


def _apart(one: pd.Series, other: pd.Series) -> str:
    apart = (one - other).abs()
    near = apart <= 1e-3
    return (
        f"log2FC within 0.001 for {near.sum()} of {len(apart)} genes ({near.mean():.1%}), "
        f"median difference {apart.median():.1g}, largest {apart.max():.1g}"
    )


def references() -> None:
    """Print how ours and PyDESeq2 as it is agree with R on each reference data set that is here."""
    say(f"{'':<18}{'r':>21}{'Jaccard':>17}{'without padj (R)':>24}{'largest Δlog2FC':>20}")
    for name, case in CASES.items():
        if not case.folder(SHARED).exists():
            say(f"{name:<18}is not here: left out")
            continue
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            ours, theirs = both_agreements(case, shared_data=SHARED, store=Store(Path(folder)))
        for label, whose, found in ((name, "ours", ours), ("", "PyDESeq2", theirs)):
            missing = f"{found.missing} ({found.expected_missing})"
            say(
                f"{label:<18}{whose:<9}{found.correlation:>12.7f}{found.jaccard:>17.4f}{missing:>24}"
                f"{found.apart:>20.4g}"
            )


TABLES = {"rules": rules, "shrinkage": shrinkage, "references": references}


def main() -> None:
    """Print the tables asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="*", choices=[[], *TABLES], metavar="TABLE", help=", ".join(TABLES))
    for name in parser.parse_args().tables or TABLES:
        print(f"\n{name}:")
        TABLES[name]()


if __name__ == "__main__":
    main()
