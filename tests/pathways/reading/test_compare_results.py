"""The same sets in two comparisons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.pathways.reading.compare_results import compare_results
from core.pathways.result import PathwayResult


def test_a_result_against_itself_agrees(result: PathwayResult):
    agreement = compare_results(result, result)
    assert agreement.correlation == pytest.approx(1)
    assert set(agreement.table["kept"]) <= {"both", "neither"}
    held = result.table["significant"] & (result.table["flag"] == "")
    assert (agreement.table["kept"] == "both").sum() == held.sum()


def test_sets_that_only_one_tested_are_left_out(result: PathwayResult):
    fewer = replace(result, table=result.table.iloc[5:].reset_index(drop=True))
    assert len(compare_results(result, fewer).table) == len(result.table) - 5
