from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.__main__ import main
from core.cohort.stored import get_cohort, list_cohorts
from core.store import Store
from tests.cohort.files import counts_csv, counts_table, metadata_csv, metadata_table, sound_files, write


def report(folder: Path) -> dict[str, list[dict[str, object]]]:
    return json.loads((folder / "check.json").read_text(encoding="utf-8"))


def test_a_sound_cohort(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    counts, metadata = sound_files(tmp_path)
    out = tmp_path / "new" / "folder"
    status = main(["check", "--counts", str(counts), "--metadata", str(metadata), "--out", str(out)])
    assert status == 0
    assert report(out)["faults"] == []
    assert report(out)["warnings"] == []
    assert {note["code"] for note in report(out)["notes"]} == {"identifier-kind", "sex-not-checked"}
    assert "30 genes in 8 samples" in capsys.readouterr().out


def test_faults_are_written_and_printed_one_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = counts_table().astype(object)
    table.loc["TP53", "S1"], table.loc["IL6", "S4"] = "low", -2
    counts = write(tmp_path, "c.csv", counts_csv(table))
    metadata = write(tmp_path, "m.csv", metadata_csv())
    status = main(["check", "--counts", str(counts), "--metadata", str(metadata), "--out", str(tmp_path)])
    lines = capsys.readouterr().err.splitlines()
    assert status == 2
    assert [fault["code"] for fault in report(tmp_path)["faults"]] == ["text-in-counts", "negative-count"]
    assert all(set(fault) == {"code", "where", "what", "mend"} for fault in report(tmp_path)["faults"])
    assert len(lines) == 2
    assert lines[0].startswith("c.csv, column 'S1', row 2: ")


def test_warnings_name_samples_and_notes_do_not_warn(tmp_path: Path) -> None:
    counts, _ = sound_files(tmp_path)
    table = metadata_table().assign(patient=["P1", "P1", *"ABCDEF"], tissue="blood")
    metadata = write(tmp_path, "m.csv", metadata_csv(table))
    arguments = ["--counts", str(counts), "--metadata", str(metadata), "--patient", "patient"]
    assert main(["check", *arguments, "--out", str(tmp_path)]) == 0
    warnings = {warning["code"]: warning["samples"] for warning in report(tmp_path)["warnings"]}
    assert warnings == {"repeated-patient": ["S1", "S2"]}
    assert {note["code"] for note in report(tmp_path)["notes"]} >= {"identifier-kind", "constant-column"}


def test_excel_dates_are_warned_of(tmp_path: Path) -> None:
    _, metadata = sound_files(tmp_path)
    counts = write(tmp_path, "dates.csv", counts_csv().replace("\nIL6,", "\n2-Sep,"))
    assert main(["check", "--counts", str(counts), "--metadata", str(metadata), "--out", str(tmp_path)]) == 0
    assert "excel-date-gene" in [warning["code"] for warning in report(tmp_path)["warnings"]]


def test_add_stores_the_cohort_under_its_content_hash(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counts, metadata = sound_files(tmp_path)
    arguments = ["--counts", str(counts), "--metadata", str(metadata), "--sex", "sex", "--name", "Lab 3"]
    assert main(["add", *arguments, "--out", str(tmp_path / "out")]) == 0
    digest = capsys.readouterr().out.strip()
    assert report(tmp_path / "out")["digest"] == digest
    assert [(card.digest, card.name, card.roles.sex) for card in list_cohorts(Store())] == [
        (digest, "Lab 3", "sex")
    ]
    assert get_cohort(Store(), digest).counts.shape == (30, 8)


def test_add_refuses_with_all_faults_and_stores_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counts, metadata = sound_files(tmp_path)
    arguments = ["--counts", str(counts), "--metadata", str(metadata), "--sex", "Sex", "--patient", "who"]
    assert main(["add", *arguments, "--out", str(tmp_path / "out")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert "digest" not in report(tmp_path / "out")
    assert list_cohorts(Store()) == []
