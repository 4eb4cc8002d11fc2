from __future__ import annotations

import pytest

from core.models.checks.base import Facts
from core.models.checks.cross_sectional import CrossSectional


def test_without_a_date_the_model_recognises():
    found = CrossSectional().inspect(Facts(columns=("age", "sex", "episode_weeks")))
    assert found.severity == "note"
    assert "recognises" in found.explanation


@pytest.mark.parametrize("name", ["outcome_date", "follow-up weeks", "weeks_of_outcome", "time_to_response"])
def test_a_dated_outcome_is_to_be_confirmed(name: str):
    found = CrossSectional().inspect(Facts(columns=("age", name)))
    assert found.severity == "passed"
    assert name in found.explanation
