from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from core.__main__ import main
from core.cohort.stored import put_cohort
from core.commands.analyses import NICE
from core.store import Store
from tests.analyses import find_ladder
from tests.robustness.cohorts import DIRECT_ONLY, SPEC, cohort_with


def test_it_writes_the_rungs_and_says_what_came_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    store = Store()
    digest = put_cohort(store, cohort_with(DIRECT_ONLY, n_patients=60, n_genes=600))
    options = ["--factor=group", "--case=TRD", "--control=non-TRD", "--method=limma"]
    assert main(["ladder", "--dataset", digest, *options, "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "at every rung and in one direction" in printed
    assert "Not adjusted for: prior_antidepressants" in printed
    assert find_ladder(store, digest, SPEC) is not None
    rungs = pd.read_csv(tmp_path / "ladder.csv")
    assert rungs["label"].tolist()[0] == "crude"
    ladder = json.loads((tmp_path / "ladder.json").read_text())
    assert len(ladder["rungs"]) == len(rungs)
    assert {"lfc_0", "padj_0"} <= set(pd.read_csv(tmp_path / "ladder_genes.csv").columns)


def test_in_the_background_it_gives_way(monkeypatch: pytest.MonkeyPatch):
    given: list[int] = []
    monkeypatch.setattr("os.nice", given.append)
    digest = put_cohort(Store(), cohort_with(DIRECT_ONLY, n_patients=60, n_genes=600))
    command = ["ladder", "--dataset", digest, "--factor=group", "--case=TRD", "--control=non-TRD"]
    command.append("--method=limma")
    assert main(command) == 0
    assert given == []
    assert main([*command, "--background"]) == 0
    assert given == [NICE]


def test_a_design_that_cannot_be_is_refused(capsys: pytest.CaptureFixture[str]):
    digest = put_cohort(Store(), cohort_with(DIRECT_ONLY, n_patients=60, n_genes=600))
    assert main(["ladder", "--dataset", digest, "--factor=group", "--case=TRD", "--control=nobody"]) == 2
    assert "nobody" in capsys.readouterr().err
