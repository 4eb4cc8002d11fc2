from __future__ import annotations

from pathlib import Path

import pytest

from core.cohort.reading.load import inspect_cohort
from tests.cohort.files import counts_csv, metadata_csv, metadata_table, write


def notices(tmp_path: Path, **columns: object) -> dict[str, str]:
    counts = write(tmp_path, "c.csv", counts_csv())
    metadata = write(tmp_path, "m.csv", metadata_csv(metadata_table().assign(**columns)))
    return {notice.code: notice.message for notice in inspect_cohort(counts, metadata).notices}


@pytest.mark.parametrize(
    ("code", "values", "part"),
    [
        ("mixed-column", [31, 42, 27, "unknown", 55, 61, 38, 29], "'unknown' (row 5)"),
        ("blanks", ["a ", "a", "b", "b", "b", " b", "a", "a"], "blanks around the values were removed"),
        ("similar-levels", ["trd", "TRD", "TRD", "non", "non", "Non", "non", "non"], "'TRD' / 'trd'"),
        ("constant-column", ["blood"] * 8, "extra"),
        ("empty-column", ["NA"] * 8, "extra"),
    ],
)
def test_what_a_reader_must_know(code: str, values: list[object], part: str, tmp_path: Path) -> None:
    assert part in notices(tmp_path, extra=values)[code]


def test_a_sound_table_gives_no_notice(tmp_path: Path) -> None:
    assert set(notices(tmp_path)) == {"identifier-kind"}
