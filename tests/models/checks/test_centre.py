from __future__ import annotations

import pytest

from core.models.checks.base import Facts
from core.models.checks.centre import CentreOnly
from core.models.metrics.base import Interval


@pytest.mark.parametrize(("auc", "severity"), [(0.61, "red"), (0.6, "passed"), (0.5, "passed")])
def test_the_limit(auc: float, severity: str):
    found = CentreOnly().inspect(Facts(auc={"centre": Interval(auc, auc - 0.06, auc + 0.06)}))
    assert found.severity == severity
    assert f"{auc:.2f}" in found.explanation


def test_without_centres():
    assert CentreOnly().inspect(Facts()).severity == "not applicable"
