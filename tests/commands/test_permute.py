from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from core.__main__ import main
from core.cohort.stored import put_cohort
from core.store import Store
from tests.analyses import find_null
from tests.robustness.cohorts import DIRECT_ONLY, SPEC, cohort_with


def test_it_permutes_and_says_what_chance_finds(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    store = Store()
    digest = put_cohort(store, cohort_with(DIRECT_ONLY, n_patients=60, n_genes=600))
    options = ["--factor=group", "--case=TRD", "--control=non-TRD", "--method=limma", "--permutations=5"]
    assert main(["permute", "--dataset", digest, *options, "--out", str(tmp_path)]) == 0
    assert "With labels permuted 5 times within sex, limma-trend finds no gene" in capsys.readouterr().out
    assert find_null(store, digest, SPEC, n=5) is not None
    assert len(pd.read_csv(tmp_path / "permutations.csv")) == 5
