"""A place that cannot be written is one sentence, whichever verb and option meets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.__main__ import main
from core.cohort.stored import put_cohort
from core.store import Store
from tests.de.cohorts import small_cohort

DEMO = ["demo", "--patients=24", "--genes=400"]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRD_EXPLORER_STORE", str(tmp_path / "store"))
    path = tmp_path / "file"
    path.touch()
    return path


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ([*DEMO, "--out={file}/here"], "{file}"),
        ([*DEMO, "--out=/proc/nowhere"], "/proc/nowhere"),
        ([*DEMO, "--progress={file}/progress.json"], "{file}"),
        (["check", "--counts=a.csv", "--metadata=b.csv", "--out={file}"], "{file}"),
        (["add", "--counts=a.csv", "--metadata=b.csv", "--out={file}"], "{file}"),
    ],
)
def test_a_place_that_cannot_be_written_is_named_without_a_traceback(
    words: list[str], place: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([word.format(file=file) for word in words]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"Nothing can be written at {place.format(file=file)}")
    assert said.endswith((". Remove the file in its way.\n", ". Name another place.\n"))


def test_what_was_asked_of_data_is_kept_where_its_files_cannot_be_written(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    digest = put_cohort(Store(), small_cohort())
    asked = ["profile", f"--dataset={digest}"]
    assert main([*asked, f"--out={file}"]) == 1
    assert "Nothing can be written" in capsys.readouterr().err
    assert any((file.parent / "store" / "profile").iterdir())
