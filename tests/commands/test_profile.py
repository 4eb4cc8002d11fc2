from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from core.__main__ import main
from core.cohort.simulation.cohort import simulate_cohort
from core.cohort.stored import put_cohort
from core.store import Store
from tests.analyses import find_profile


def test_it_writes_the_samples_and_keeps_the_profile(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store()
    digest = put_cohort(store, simulate_cohort(seed=2, n_patients=40, n_genes=1000)[0])
    assert main(["profile", "--dataset", digest[:10], "--out", str(tmp_path)]) == 0
    profile = find_profile(store, digest)
    assert profile is not None
    table = pd.read_csv(tmp_path / "samples.csv", index_col=0)
    assert list(table.columns) == list(profile.samples.columns)
    printed = capsys.readouterr().out
    assert "low-depth" in printed
    assert "40 samples" in printed
