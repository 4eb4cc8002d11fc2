from __future__ import annotations

import pandas as pd

from core.models.checks.base import Facts
from core.models.checks.definition import DefinitionLeakage


def inspect(rows: list[tuple[str, str, bool]], **more):
    table = pd.DataFrame(rows, columns=["column", "known_before", "used"])
    return DefinitionLeakage().inspect(Facts(predictors=table, **more))


def test_only_what_was_known_passes_and_says_what_was_left_out():
    found = inspect([("age", "yes", True), ("madrs", "no", False)])
    assert found.severity == "passed"
    assert "Left out by rule: madrs" in found.explanation


def test_taken_in_on_purpose_is_red():
    found = inspect([("age", "yes", True), ("madrs", "no", True)], included_unsafe=("madrs",))
    assert found.severity == "red"
    assert "madrs" in found.explanation


def test_a_predictor_that_tells_by_itself_is_red():
    assert inspect([("age", "yes", True)], single={"age": 0.86}).severity == "red"
    assert inspect([("age", "yes", True)], single={"age": 0.85}).severity == "passed"


def test_what_nobody_judged_is_amber():
    assert inspect([("zeta", "unknown", True)]).severity == "amber"


def test_without_clinical_columns():
    assert inspect([("madrs", "no", False)]).severity == "not applicable"
    assert DefinitionLeakage().inspect(Facts()).severity == "not applicable"
