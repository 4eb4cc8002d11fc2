"""The short script is PyDESeq2 as it comes, and agrees with the engine as far as its head says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from core.cohort.stored import put_cohort
from core.de.script import STOCK_CORRELATION, STOCK_OVERLAP, has_short_script, short_script
from core.de.spec import DESpec
from core.store import Store
from tests.analyses import run_de
from tests.de.cohorts import small_cohort
from tests.de.reference import overlap_of_both

SPEC = DESpec("group", "TRD", "non-TRD", ("sex", "age"), shrink=True)


def test_it_runs_on_public_packages_alone_and_says_how_far_it_agrees(tmp_path: Path):
    cohort = small_cohort()
    counts = pd.DataFrame(cohort.counts, index=cohort.genes["gene"].to_numpy(), columns=cohort.samples)
    counts.to_csv(tmp_path / "counts.csv.gz", index_label="gene")
    cohort.metadata.to_csv(tmp_path / "metadata.csv")
    store = Store(tmp_path / "store")
    result = run_de(store, put_cohort(store, cohort), SPEC, n_cpus=1)
    text = short_script(result)
    assert len(text.splitlines()) < 160
    assert "from core" not in text
    head = text.split('"""')[1]
    assert f"{STOCK_CORRELATION}" in head
    assert f"{STOCK_OVERLAP:.0%}" in head
    (tmp_path / "script.py").write_text(text)
    environment = {**os.environ, "PYTHONPATH": "", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-W", "ignore", "script.py"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    stock = pd.read_csv(tmp_path / "de.csv", index_col="gene")
    correlation, overlap = overlap_of_both(result.table, stock, alpha=SPEC.alpha)
    assert correlation >= STOCK_CORRELATION
    assert overlap >= STOCK_OVERLAP
    assert re.search(rf"\d+ of {len(stock)} genes at adjusted p < 0.05", done.stdout)
    assert len(stock) == result.run.n_active
    assert "log2FoldChangeShrunken" in stock


@pytest.mark.parametrize(
    "change",
    [{"method": "limma"}, {"winsorise": 0.95}, {"covariates": ("score:T cells",)}],
)
def test_what_pydeseq2_cannot_do_has_no_short_script(change: dict[str, object]):
    assert has_short_script(SPEC)
    assert not has_short_script(DESpec("group", "TRD", "non-TRD", **change))  # type: ignore[arg-type]
