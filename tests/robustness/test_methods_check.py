from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.cohort.stored import put_cohort
from core.de.spec import DESpec
from core.robustness.methods_check import agreement, disagreements, method_specs
from core.store import Store
from tests.analyses import run_de
from tests.de.cohorts import small_cohort

SPEC = DESpec("group", "TRD", "non-TRD", ("sex",), shrink=True)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory):
    cohort = small_cohort()
    counts = np.array(cohort.counts)
    spiked = int(np.flatnonzero(counts.mean(axis=1) > 100)[0])
    counts[spiked, np.flatnonzero(cohort.metadata["group"] == "TRD")[0]] *= 400
    cohort = replace(cohort, counts=counts)
    store = Store(tmp_path_factory.mktemp("methods"))
    digest = put_cohort(store, cohort)
    results = {m: run_de(store, digest, spec, n_cpus=1) for m, spec in method_specs(SPEC).items()}
    return cohort, results, spiked


def test_the_rank_test_does_without_covariates():
    specs = method_specs(SPEC)
    assert specs["wilcoxon"].covariates == ()
    assert specs["limma"].covariates == specs["deseq2"].covariates == ("sex",)
    assert not any(spec.shrink for spec in specs.values())


def test_pairs_are_counted_in_the_same_direction(found):
    _, results, _ = found
    pairs = agreement(results).set_index(["one", "other"])
    assert len(pairs) == 3
    row = pairs.loc[("DESeq2", "limma-trend")]
    assert row["n_one"] == (results["deseq2"].table["padj"] < 0.05).sum()
    assert row["n_both"] <= min(row["n_one"], row["n_other"])
    assert row["correlation"] > 0.9
    assert row["rank_correlation"] > 0.8
    flipped = results["limma"].table.assign(log2FoldChange=-results["limma"].table["log2FoldChange"])
    opposite = {**results, "limma": replace(results["limma"], table=flipped)}
    assert agreement(opposite).set_index(["one", "other"]).loc[("DESeq2", "limma-trend"), "n_both"] == 0


def test_each_contested_gene_has_a_reason_and_is_significant_somewhere(found):
    cohort, results, _ = found
    listed = disagreements(cohort, results)
    assert (listed["why"] != "").all()
    assert (listed["significant_by"] != "").all()
    assert (listed["not_by"] != "").all()
    assert set(listed["why"]) <= {
        "an outlier count: one sample lies far from all others",
        "one test withholds its adjusted p-value (outlier or low counts)",
        "Wilcoxon is not adjusted for sex",
        "few counts: the tests treat counting noise differently",
        "close to the threshold in every test",
        "the tests weigh the spread between patients differently",
    }


def test_a_spike_is_named_as_an_outlier(found):
    cohort, results, spiked = found
    table = results["deseq2"].table.copy()
    table.loc[spiked, "padj"] = 1e-9  # as if the spike had made it significant
    others = {
        m: r.table.assign(padj=r.table["padj"].where(r.table.index != spiked, 0.9))
        for m, r in results.items()
    }
    staged = {m: replace(r, table=table if m == "deseq2" else others[m]) for m, r in results.items()}
    listed = disagreements(cohort, staged).set_index("gene")
    assert listed.loc[cohort.genes["gene"].iloc[spiked], "why"].startswith("an outlier count")
