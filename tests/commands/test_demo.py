"""`python -m core demo` writes the demonstration cohort."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from core.__main__ import main


def test_demo_writes_three_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "folder"
    assert main(["demo", "--out", str(out), "--seed", "3", "--patients", "40", "--genes", "800"]) == 0
    assert sorted(p.name for p in out.iterdir()) == ["counts.csv.gz", "metadata.csv", "truth.csv"]
    counts = pd.read_csv(out / "counts.csv.gz", index_col=0)
    metadata = pd.read_csv(out / "metadata.csv", index_col=0)
    assert counts.shape == (800, 40)
    assert metadata.index.name == "sample"
    assert list(counts.columns) == list(metadata.index)
    assert set(metadata["group"]) == {"TRD", "non-TRD"}
    assert {"patient", "centre", "sex", "age", "simulated"} <= set(metadata.columns)
    assert set(pd.read_csv(out / "truth.csv")["kind"]) == {"gene", "latent", "clinical", "defect"}
    assert "20 TRD and 20 non-TRD patients, 800 genes" in capsys.readouterr().out


def test_demo_refuses_impossible_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--out", str(tmp_path / "x"), "--patients", "2", "--genes", "5"]) == 2
    complaint = capsys.readouterr().err
    assert "option --patients: 2 is not between 20 and" in complaint
    assert "option --genes: 5 is not between 400 and" in complaint
    assert not (tmp_path / "x").exists()


def test_demo_repeats_by_seed(tmp_path: Path) -> None:
    for name in ("a", "b"):
        main(["demo", "--out", str(tmp_path / name), "--patients", "20", "--genes", "400"])
    for file in ("counts.csv.gz", "metadata.csv", "truth.csv"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
