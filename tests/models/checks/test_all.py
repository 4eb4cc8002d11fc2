from __future__ import annotations

from core.models.checks.all import CHECKS, SEVERITIES, run_checks
from core.models.checks.base import ANALYSIS, OUTCOME, PARTICIPANTS, PREDICTORS, Facts
from core.models.reading.checklist import TRIPOD


def test_every_check_says_what_it_is_and_where_it_belongs():
    assert len({check.code for check in CHECKS}) == len(CHECKS) == 11
    for check in CHECKS:
        assert check.title
        assert set(check.tripod) <= set(TRIPOD)
        assert set(check.probast) <= {PARTICIPANTS, PREDICTORS, OUTCOME, ANALYSIS}
        assert check.tripod or check.probast


def test_the_worst_comes_first_and_nothing_is_left_out():
    found = run_checks(Facts(stability=1.0, n_case=5, n_control=5))
    assert len(found) == len(CHECKS)
    order = [SEVERITIES.index(result.severity) for result in found]
    assert order == sorted(order)
    assert found[0].code == "selection-inside"
    for result in found:
        assert (result.not_applicable_because != "") == (result.severity == "not applicable")
