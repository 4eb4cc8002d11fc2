"""Every malformed input is refused with a fault that names the place and the mend, and with exit status 2."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest

from core.__main__ import main
from tests.cohort.files import counts_csv, metadata_csv, write
from tests.cohort.reading.malformed import CASES, Case


def put(folder: Path, name: str, content: object, sound: str) -> Path:
    """Write the spoilt content, or the sound one where none is given."""
    path = folder / name
    if callable(content):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            content(path)
        return path
    return write(folder, name, sound if content is None else content)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_is_refused_with_place_and_mend(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = put(tmp_path, case.counts_name, case.counts, counts_csv())
    metadata = put(tmp_path, case.metadata_name, case.metadata, metadata_csv())
    out = tmp_path / "out"
    status = main(
        ["check", "--counts", str(counts), "--metadata", str(metadata), "--out", str(out), *case.options]
    )
    errors = capsys.readouterr().err
    report = json.loads((out / "check.json").read_text(encoding="utf-8"))
    assert status == 2
    assert "Traceback" not in errors
    assert len(errors.strip().splitlines()) == len(report["faults"])
    faults = {fault["code"]: fault for fault in report["faults"]}
    assert case.code in faults, report["faults"]
    fault = faults[case.code]
    for part in case.where:
        assert part in fault["where"]
    assert case.mend in fault["mend"]
    assert fault["what"]
    assert str(tmp_path) not in errors


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_is_the_only_fault(case: Case, tmp_path: Path) -> None:
    """One mistake gives one fault: a reader is not sent after consequences."""
    counts = put(tmp_path, case.counts_name, case.counts, counts_csv())
    metadata = put(tmp_path, case.metadata_name, case.metadata, metadata_csv())
    main(
        ["check", "--counts", str(counts), "--metadata", str(metadata), "--out", str(tmp_path), *case.options]
    )
    report = json.loads((tmp_path / "check.json").read_text(encoding="utf-8"))
    assert [fault["code"] for fault in report["faults"]] == [case.code]


def test_cases_cover_many_mistakes() -> None:
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)
