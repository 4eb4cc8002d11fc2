from __future__ import annotations

import pytest

from core.models.checks.base import Facts
from core.models.metrics.base import Interval
from core.models.reading.claim import climb
from core.models.result import CheckResult

GOOD, WEAK = Interval(0.7, 0.6, 0.8), Interval(0.55, 0.45, 0.65)


@pytest.mark.parametrize(
    ("auc", "centre", "external", "rung"),
    [
        (WEAK, GOOD, GOOD, "exploratory"),
        (GOOD, WEAK, GOOD, "internal"),  # no rung is skipped
        (GOOD, GOOD, WEAK, "centre"),
        (GOOD, GOOD, GOOD, "external"),
    ],
)
def test_the_first_rung_that_fails_ends_the_climb(
    auc: Interval, centre: Interval, external: Interval, rung: str
):
    claim = climb(Facts(auc={"genes": auc}, centre_auc=centre, external_auc=external), ())
    assert claim.rung == rung
    assert claim.headline
    assert claim.reason
    if rung == "internal":
        assert "does not exclude chance" in claim.reason


def test_what_was_not_made_is_named():
    claim = climb(Facts(auc={"genes": GOOD}), ())
    assert claim.rung == "internal"
    assert "no centre could be held out" in claim.reason
    assert "0.70 (95 % interval 0.60 to 0.80)" in claim.wording


def test_a_red_check_stops_everything():
    red = CheckResult("x", "Group and centre confounded", "red", "")
    claim = climb(Facts(auc={"genes": GOOD}, centre_auc=GOOD, external_auc=GOOD), (red,))
    assert (claim.rung, claim.headline) == ("exploratory", False)
    assert "Group and centre confounded" in claim.reason
    assert "0.70" not in claim.wording


def test_without_a_model_nothing_is_claimed():
    assert not climb(Facts(model=""), ()).headline
    assert not climb(Facts(), ()).headline


@pytest.mark.parametrize(("lower", "rung"), [(0.5, "exploratory"), (0.5001, "internal")])
def test_an_interval_that_begins_at_chance_does_not_exclude_it(lower: float, rung: str):
    assert climb(Facts(auc={"genes": Interval(0.7, lower, 0.8)}), ()).rung == rung


def test_an_area_without_an_interval_opens_no_rung():
    bare = Interval(0.7, float("nan"), float("nan"))
    claim = climb(Facts(auc={"genes": GOOD}, centre_auc=bare), ())
    assert claim.rung == "internal"
    assert "no centre could be held out" in claim.reason
