from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.errors import InputError
from core.robustness.replication.run import read_published, replicate, replication_sentence


def here(n: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    change = rng.normal(0, 0.3, n)
    return pd.DataFrame(
        {
            "gene": [f"ENSG{i:011d}" for i in range(n)],
            "symbol": [f"SYM{i}" for i in range(n)],
            "baseMean": rng.uniform(10, 1000, n),
            "log2FoldChange": change,
            "pvalue": np.exp(-40 * np.abs(change)),
        }
    )


def published(table: pd.DataFrame, *, agree: float, names: str = "symbol") -> bytes:
    rng = np.random.default_rng(2)
    sign = np.where(rng.random(len(table)) < agree, 1, -1)
    frame = pd.DataFrame({"Gene_Symbol": table[names], "logFC": sign * table["log2FoldChange"]})
    frame["P.Value"], frame["adj.P.Val"] = table["pvalue"], np.where(np.arange(len(table)) < 100, 0.01, 0.9)
    return ("# made up\n" + frame.to_csv(index=False, sep="\t")).encode()


def test_a_result_that_agrees_replicates_and_its_opposite_does_not():
    table = here()
    found = replicate(read_published(published(table, agree=0.9), "x.tsv"), table)
    assert found.agreement.n == 100
    assert found.agreement.value == pytest.approx(0.9, abs=0.07)
    assert found.agreement.low < found.agreement.value < found.agreement.high
    assert found.rank_correlation > 0.5
    assert found.shared["replicates"].sum() > 10
    assert (found.shared.loc[found.shared["replicates"], "same"]).all()
    assert "by chance it would be half" in replication_sentence(found)
    opposite = replicate(read_published(published(table, agree=0.1), "x.tsv"), table)
    assert opposite.agreement.high < 0.5


def test_genes_are_matched_by_identifier_with_or_without_version():
    table = here()
    versioned = table.assign(given=table["gene"] + ".3")
    found = replicate(read_published(published(versioned, agree=1, names="given"), "x.tsv"), table)
    assert len(found.shared) == len(table)
    assert found.agreement.value == 1


def test_without_significant_genes_the_smallest_p_values_are_taken():
    table = here()
    plain = pd.DataFrame({"symbol": table["symbol"], "beta": table["log2FoldChange"], "p": table["pvalue"]})
    found = replicate(read_published(plain.to_csv(index=False).encode(), "x.csv"), table)
    assert found.agreement.n == 200
    assert "200 smallest p-values" in found.rule


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b\n1,2\n", "no column for gene and effect and p-value"),
        (b"symbol,logFC\nA,1\n", "no column for p-value"),
        (b"", "it is no table"),
    ],
)
def test_what_is_missing_is_named(content: bytes, said: str):
    with pytest.raises(InputError, match=said):
        read_published(content, "x.csv")


def test_other_genes_are_refused():
    table = here()
    other = read_published(published(table.assign(symbol="Z"), agree=1), "x.tsv")
    with pytest.raises(InputError, match="were tested here"):
        replicate(other, table)
