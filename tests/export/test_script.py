from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.cohort.simulate import simulate_cohort, write_cohort
from core.cohort.stored import put_cohort
from core.de.run import run_de
from core.export.script import de_script
from core.spec import DESpec
from core.store import Store

N_GENES = 600  # enough for a dispersion trend

# Nasty words must stay words.
WORDS = DESpec('fac"tor', "a'b\\", '"""\n@COUNTS@', ("x'y", "@ALPHA@"))


def constants(script: str) -> dict[str, object]:
    tree = ast.parse(script)
    return {
        target.id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.isupper()
    }


def test_nothing_in_a_name_is_run() -> None:
    script = de_script(WORDS, provenance='"""\nimport os\n\\')
    factor = next(
        ast.literal_eval(node.value)
        for node in ast.parse(script).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple)
    )
    assert factor == (WORDS.factor, WORDS.case, WORDS.control)
    assert constants(script)["COVARIATES"] == {"x'y": "auto", "@ALPHA@": "auto"}


def test_it_needs_none_of_this_product() -> None:
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name).split(".")[0]
        for node in ast.walk(ast.parse(de_script(DESpec("g", "a", "b"))))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    # SciPy comes with PyDESeq2.
    assert imported == {"__future__", "typing", "numpy", "pandas", "pydeseq2", "scipy"}


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param(
            DESpec("group", "TRD", "non-TRD", ("sex", "age"), shrink=True, winsorise=0.95),
            marks=pytest.mark.slow,
        ),
        DESpec("group", "non-TRD", "TRD", ("sex",), alpha=0.1, lfc_threshold=0.1),
    ],
    ids=["winsorised-shrunken", "swapped-threshold"],
)
def test_it_makes_the_numbers_on_screen(spec: DESpec, tmp_path: Path) -> None:
    cohort, truth = simulate_cohort(seed=3, n_patients=40, n_genes=N_GENES)
    write_cohort(tmp_path, cohort, truth)
    store = Store()
    result = run_de(store, put_cohort(store, cohort), spec, n_cpus=1)
    mine = run_script(de_script(spec, result=result), tmp_path)
    screen = result.table.set_index("gene").loc[mine.index]
    assert len(mine) == (screen["baseMean"].notna() & screen["dispersion"].notna()).sum()
    for column in mine:
        np.testing.assert_allclose(mine[column], screen[column], rtol=1e-9, atol=1e-12, err_msg=column)
    assert ("log2FoldChangeShrunken" in mine) == spec.shrink


def test_it_refuses_other_files(tmp_path: Path) -> None:
    cohort, truth = simulate_cohort(seed=3, n_patients=40, n_genes=N_GENES)
    write_cohort(tmp_path, cohort, truth)
    spec = DESpec("group", "TRD", "non-TRD")
    script = de_script(spec).replace("GROUP_SIZES = None", "GROUP_SIZES = (1, 2)")
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    ended = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True)
    assert ended.returncode == 1
    assert "these are not the same files" in ended.stderr


def run_script(script: str, folder: Path) -> pd.DataFrame:
    (folder / "script.py").write_text(script, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-W", "ignore", "script.py"],
        cwd=folder,
        check=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    return pd.read_csv(folder / "de.csv", index_col=0, float_precision="round_trip")
