from __future__ import annotations

import pytest

from core.models.checks.base import Facts
from core.models.checks.selection import ALL_ALIKE, SelectionInside
from core.models.metrics.base import Interval

CHECK = SelectionInside()
HONEST = {"genes": Interval(0.54, 0.5, 0.6)}


def test_choices_that_differ_pass_and_tell_what_the_mistake_would_claim():
    found = CHECK.inspect(Facts(stability=0.6, outside=0.83, auc=HONEST))
    assert found.severity == "passed"
    assert "0.83 instead of 0.54" in found.explanation


def test_the_same_genes_every_time_is_red():
    assert CHECK.inspect(Facts(stability=1.0)).severity == "red"
    assert CHECK.inspect(Facts(stability=ALL_ALIKE)).severity == "red"


@pytest.mark.parametrize("facts", [Facts(stability=0.6, auc=HONEST), Facts(stability=0.6, outside=0.8)])
def test_where_the_mistake_was_not_made_on_purpose_nothing_is_said_of_it(facts: Facts):
    assert "would have claimed" not in CHECK.inspect(facts).explanation


def test_where_nothing_is_chosen():
    assert CHECK.inspect(Facts(stability=1.0, chooses=False)).severity == "not applicable"
    assert CHECK.inspect(Facts()).severity == "not applicable"
