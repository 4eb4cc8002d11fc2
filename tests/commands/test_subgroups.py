from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from core.__main__ import main
from core.cohort.stored import put_cohort
from core.store import Store
from tests.analyses import find_subgroups
from tests.robustness.cohorts import DIRECT_ONLY, SPEC, cohort_with


def test_it_leaves_out_centres_and_asks_about_sex(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    store = Store()
    digest = put_cohort(store, cohort_with(DIRECT_ONLY, n_patients=60, n_genes=600))
    options = ["--factor=group", "--case=TRD", "--control=non-TRD", "--method=limma"]
    assert main(["subgroups", "--dataset", digest, *options, "--out", str(tmp_path)]) == 0
    assert "depend" in capsys.readouterr().out
    assert find_subgroups(store, digest, SPEC) is not None
    assert len(pd.read_csv(tmp_path / "centres.csv")) == 5
    assert "difference" in pd.read_csv(tmp_path / "sex_interaction.csv").columns
