from __future__ import annotations

import ast
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.cohort.simulation.cohort import write_cohort
from core.cohort.stored import put_cohort
from core.de.spec import DESpec
from core.pathways.scores_script import pathway_scores_script
from core.pathways.spec import EnrichmentTest, PathwaySpec
from core.pathways.tables import sets_gmt_bytes
from core.store import Store
from tests.analyses import run_de, run_pathways
from tests.simulated import simulated

ADJUSTED = DESpec("group", "TRD", "non-TRD", ("sex", "age"))


def imports(script: str) -> set[str]:
    return {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name).split(".")[0]
        for node in ast.walk(ast.parse(script))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }


SCORED = replace(ADJUSTED, covariates=("sex", "score:Monocytes"), method="limma")


POOLED = DESpec("centre", "Centre C", "Centre B", ("sex",), all_groups=True)


@pytest.mark.parametrize(
    ("test", "de_spec"),
    [("ssgsea", ADJUSTED), ("gsva", ADJUSTED), ("ssgsea", SCORED), ("ssgsea", POOLED)],
)
def test_it_makes_the_numbers_on_screen_from_the_files(
    tmp_path: Path, test: EnrichmentTest, de_spec: DESpec
) -> None:
    store = Store(tmp_path / "store")
    cohort, truth = simulated(n_patients=60, n_genes=900)
    write_cohort(tmp_path, cohort, truth)
    compared = run_de(store, put_cohort(store, cohort), de_spec, n_cpus=1)
    spec = PathwaySpec(collections=("hallmark", "btm"), min_size=5, max_size=60, test=test)
    result = run_pathways(store, compared.digest, de_spec, spec, n_threads=1)
    compared.table.to_csv(tmp_path / "de.csv", index=False)
    (tmp_path / "sets.gmt").write_bytes(sets_gmt_bytes(result, range(len(result.table))))
    script = pathway_scores_script(result, compared, provenance='"""\nimport os\n\\')
    assert imports(script) - sys.stdlib_module_names == {"numpy", "pandas", "scipy"}
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-W", "ignore", "script.py"],
        cwd=tmp_path,
        check=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    mine = pd.read_csv(tmp_path / "pathways.csv", index_col=0, float_precision="round_trip")
    keys = result.table["collection"] + "/" + result.table["set"]
    screen = result.table.set_index(keys).loc[mine.index]
    assert len(mine) == len(result.table) > 20
    for column in ("difference", "lower", "upper", "pvalue", "padj"):
        np.testing.assert_allclose(mine[column], screen[column], rtol=1e-4, atol=1e-5, err_msg=column)
    scores = pd.read_csv(tmp_path / "set_scores.csv", index_col=0)
    assert result.sample_scores is not None
    own = pd.DataFrame(result.sample_scores, index=keys, columns=compared.samples.index)
    np.testing.assert_allclose(scores, own.loc[scores.index, scores.columns], atol=1e-6)
