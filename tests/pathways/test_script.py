from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.cohort.stored import get_cohort, put_cohort
from core.de.result import DEResult
from core.de.spec import DESpec
from core.errors import InputError
from core.pathways.enrichment import gsea
from core.pathways.result import PathwayResult
from core.pathways.script import SMALLEST_P, can_script, pathway_script
from core.pathways.spec import PathwaySpec
from core.pathways.tables import sets_gmt_bytes
from core.store import Store
from tests.analyses import run_de, run_pathways
from tests.simulated import simulated

CRUDE = DESpec("group", "TRD", "non-TRD")
SMALL = {"collections": ("hallmark", "btm"), "min_size": 5, "max_size": 60}


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, DEResult]:
    store = Store(tmp_path_factory.mktemp("store"))
    cohort, _ = simulated(n_patients=60, n_genes=900)
    return store, run_de(store, put_cohort(store, cohort), CRUDE, n_cpus=1)


def enrich(comparison: tuple[Store, DEResult], spec: PathwaySpec) -> PathwayResult:
    store, compared = comparison
    return run_pathways(store, compared.digest, CRUDE, spec, n_threads=1)


def run_script(result: PathwayResult, compared: DEResult, folder: Path) -> pd.DataFrame:
    compared.table.to_csv(folder / "de.csv", index=False)
    (folder / "sets.gmt").write_bytes(sets_gmt_bytes(result, range(len(result.table))))
    (folder / "script.py").write_text(pathway_script(result), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-W", "ignore", "script.py"],
        cwd=folder,
        check=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    return pd.read_csv(folder / "pathways.csv", index_col=0, float_precision="round_trip")


@pytest.mark.parametrize(
    ("spec", "columns"),
    [
        (PathwaySpec(**SMALL, permutations=200, seed=7), ["es", "nes", "pvalue", "padj"]),
        (
            PathwaySpec(**SMALL, test="ora", direction="down", gene_alpha=0.3),
            ["overlap", "expected", "pvalue", "padj"],
        ),
    ],
    ids=["gsea", "ora"],
)
def test_it_makes_the_numbers_on_screen(
    comparison: tuple[Store, DEResult], spec: PathwaySpec, columns: list[str], tmp_path: Path
) -> None:
    result = enrich(comparison, spec)
    mine = run_script(result, comparison[1], tmp_path)
    keys = result.table["collection"] + "/" + result.table["set"]
    screen = result.table.set_index(keys).loc[mine.index]
    assert len(mine) == len(result.table) > 20
    for column in columns:
        np.testing.assert_allclose(mine[column], screen[column], rtol=1e-9, atol=1e-12, err_msg=column)


def test_it_needs_none_of_this_product(comparison: tuple[Store, DEResult]) -> None:
    script = pathway_script(enrich(comparison, PathwaySpec(**SMALL, permutations=200, seed=7)))
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name).split(".")[0]
        for node in ast.walk(ast.parse(script))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert imported == {"numpy", "pandas", "gseapy"}


def test_what_has_no_script_says_so(comparison: tuple[Store, DEResult]) -> None:
    result = enrich(comparison, PathwaySpec(**SMALL, test="ora", background="cohort"))
    assert not can_script(result)
    with pytest.raises(InputError) as caught:
        pathway_script(result)
    assert caught.value.faults[0].code == "no-script"


def test_it_stops_p_values_where_the_product_does() -> None:
    assert SMALLEST_P == gsea.SMALLEST_P


def test_sets_are_written_with_the_genes_that_were_tested(comparison: tuple[Store, DEResult]) -> None:
    result = enrich(comparison, PathwaySpec(**SMALL, permutations=200, seed=7))
    lines = sets_gmt_bytes(result, [2, 0]).decode().splitlines()
    assert len(lines) == 2
    name, description, *genes = lines[0].split("\t")
    row = result.table.iloc[2]
    assert name == f"{row['collection']}/{row['set']}"
    assert "simulated" in description
    assert sorted(genes) == sorted(result.members(2)["symbol"])
    assert get_cohort(comparison[0], result.digest).simulated
