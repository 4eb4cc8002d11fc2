from __future__ import annotations

from core.models.checks.base import Facts
from core.models.checks.suspicious import TooGood
from core.models.metrics.base import Interval


def test_above_the_limit_names_the_model():
    auc = {"genes": Interval(0.7, 0.6, 0.8), "clinical": Interval(0.95, 0.9, 1.0)}
    found = TooGood().inspect(Facts(auc=auc))
    assert found.severity == "amber"
    assert "clinical 0.95" in found.explanation
    assert "genes" not in found.explanation


def test_modest_results_pass():
    assert TooGood().inspect(Facts(auc={"genes": Interval(0.85, 0.8, 0.9)})).severity == "passed"


def test_without_models():
    assert TooGood().inspect(Facts()).severity == "not applicable"
