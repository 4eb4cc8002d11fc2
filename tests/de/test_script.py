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

from core.cohort.reading.load import inspect_cohort
from core.cohort.samples.exclusion import named_exclusions
from core.cohort.simulation.cohort import write_cohort
from core.cohort.stored import put_cohort
from core.de.script import de_script
from core.de.spec import DESpec, Method
from core.store import Store
from tests.analyses import run_de
from tests.de.test_result import unfitted
from tests.simulated import simulated

N_GENES = 600  # enough for a dispersion trend

# Nasty words must stay words.
WORDS = DESpec('fac"tor', "a'b\\", '"""\n@COUNTS@', ("x'y", "@ALPHA@"))


SETTINGS = {"COUNTS", "METADATA", "RESULTS", "COVARIATES", "MIN_COUNT", "ALPHA", "SCALE", "GROUP_SIZES"}


def constants(script: str) -> dict[str, object]:
    tree = ast.parse(script)
    return {
        target.id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id in SETTINGS
    }


def test_nothing_in_a_name_is_run() -> None:
    script = de_script(unfitted(WORDS), provenance='"""\nimport os\n\\')
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
        for node in ast.walk(ast.parse(de_script(unfitted(DESpec("g", "a", "b")))))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    # SciPy comes with PyDESeq2.
    assert imported - sys.stdlib_module_names == {"numpy", "pandas", "pydeseq2", "scipy"}


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param(
            DESpec("group", "TRD", "non-TRD", ("sex", "age"), shrink=True, winsorise=0.95),
            marks=pytest.mark.slow,
        ),
        DESpec("group", "non-TRD", "TRD", ("sex",), alpha=0.1, lfc_threshold=0.1),
        DESpec("group", "TRD", "non-TRD", ("age",), scale=False),
        DESpec("centre", "Centre C", "Centre B", ("sex",), shrink=True, all_groups=True),
    ],
    ids=["winsorised-shrunken", "swapped-threshold", "unscaled", "all-groups"],
)
def test_it_makes_the_numbers_on_screen(spec: DESpec, tmp_path: Path) -> None:
    cohort, truth = simulated(n_patients=40, n_genes=N_GENES)
    write_cohort(tmp_path, cohort, truth)
    store = Store()
    result = run_de(store, put_cohort(store, cohort), spec, n_cpus=1)
    mine = run_script(de_script(result), tmp_path)
    screen = result.table.set_index("gene").loc[mine.index]
    assert len(mine) == (screen["baseMean"].notna() & screen["dispersion"].notna()).sum()
    for column in mine:
        np.testing.assert_allclose(mine[column], screen[column], rtol=1e-9, atol=1e-12, err_msg=column)
    assert ("log2FoldChangeShrunken" in mine) == spec.shrink


SCORED = ("sex", "score:Neutrophils", "score:T cells")


@pytest.mark.parametrize("method", ["limma", "deseq2"])
def test_it_scores_cells_itself(method: Method, tmp_path: Path) -> None:
    cohort, truth = simulated(n_patients=40, n_genes=2500)
    write_cohort(tmp_path, cohort, truth)
    spec = DESpec("group", "TRD", "non-TRD", SCORED, method=method)
    # Scores are over all samples of the data set, also those left out of the comparison.
    spec = replace(spec, exclude=named_exclusions(cohort.samples, ("S001", "S007:low-depth")))
    store = Store()
    result = run_de(store, put_cohort(store, cohort), spec, n_cpus=1)
    script = de_script(result)
    mine = run_script(script, tmp_path)
    screen = result.table.set_index("gene").loc[mine.index]
    assert len(mine) == result.run.n_active
    for column in mine:
        np.testing.assert_allclose(mine[column], screen[column], rtol=1e-8, atol=1e-12, err_msg=column)
    without = run_de(store, result.digest, replace(spec, covariates=("sex",)), n_cpus=1)
    assert not np.allclose(
        mine["pvalue"], without.table.set_index("gene").loc[mine.index, "pvalue"], rtol=1e-3, equal_nan=True
    )


def test_scores_are_made_from_versioned_ensembl_names_too(tmp_path: Path) -> None:
    cohort, truth = simulated(n_patients=40, n_genes=2500)
    write_cohort(tmp_path, cohort, truth)
    file = tmp_path / "counts.csv.gz"
    counts = pd.read_csv(file, index_col=0)
    known = dict(zip(cohort.genes["gene"], cohort.genes["ensembl_id"], strict=True))
    counts = counts[[bool(known[name]) for name in counts.index]]
    counts.set_axis([f"{known[name]}.7" for name in counts.index]).rename_axis("gene").to_csv(file)
    spec = DESpec("group", "TRD", "non-TRD", SCORED, method="limma")
    store = Store()
    result = run_de(store, put_cohort(store, inspect_cohort(file, tmp_path / "metadata.csv").usable()), spec)
    mine = run_script(de_script(result), tmp_path)
    screen = result.table.set_index("gene").loc[mine.index.str.removesuffix(".7")]
    assert screen.index.str.startswith("ENSG").all()
    np.testing.assert_allclose(mine["pvalue"], screen["pvalue"], rtol=1e-8)


def test_scores_are_carried_where_needed_only() -> None:
    plain = de_script(unfitted(DESpec("group", "TRD", "non-TRD", ("sex",))))
    assert "MARKERS" not in plain
    assert "add_scores" not in plain
    own = DESpec("group", "TRD", "non-TRD", ("score:own column",))
    assert "MARKERS" not in de_script(unfitted(own))


@pytest.mark.parametrize(
    "spec",
    [
        DESpec("g", "a", "b"),
        DESpec("g", "a", "b", SCORED),
        DESpec("g", "a", "b", SCORED, method="limma"),
        DESpec("g", "a", "b", method="wilcoxon"),
    ],
)
def test_no_part_of_it_overwrites_another(spec: DESpec) -> None:
    made: dict[str, str] = {}
    for node in ast.parse(de_script(unfitted(spec))).body:
        names = [node.name] if isinstance(node, ast.FunctionDef | ast.ClassDef) else []
        if isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        for name in names:
            assert made.setdefault(name, ast.unparse(node)) == ast.unparse(node), name


def test_it_refuses_other_files(tmp_path: Path) -> None:
    cohort, truth = simulated(n_patients=40, n_genes=N_GENES)
    write_cohort(tmp_path, cohort, truth)
    spec = DESpec("group", "TRD", "non-TRD")
    script = de_script(unfitted(spec)).replace("GROUP_SIZES = None", "GROUP_SIZES = (1, 2)")
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


@pytest.mark.parametrize(
    "spec",
    [
        DESpec("group", "TRD", "non-TRD", ("sex", "age"), method="limma", winsorise=0.95),
        DESpec("group", "non-TRD", "TRD", method="wilcoxon", exclude=("S001", "S007:low-depth")),
    ],
    ids=["limma", "wilcoxon"],
)
def test_other_methods_need_no_pydeseq2_and_make_the_same_numbers(spec: DESpec, tmp_path: Path) -> None:
    cohort, truth = simulated(n_patients=40, n_genes=N_GENES)
    write_cohort(tmp_path, cohort, truth)
    store = Store()
    spec = replace(spec, exclude=named_exclusions(cohort.samples, spec.exclude))
    result = run_de(store, put_cohort(store, cohort), spec)
    script = de_script(result)
    assert "pydeseq2" not in script
    mine = run_script(script, tmp_path)
    screen = result.table.set_index("gene").loc[mine.index]
    assert len(mine) == result.run.n_tested
    for column in mine:
        np.testing.assert_allclose(mine[column], screen[column], rtol=1e-9, atol=1e-12, err_msg=column)
