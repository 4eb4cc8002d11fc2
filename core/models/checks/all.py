"""All checks, and what they find together."""

from __future__ import annotations

from core.models.checks.base import Check, Facts
from core.models.checks.calibration import Calibration
from core.models.checks.centre import CentreOnly
from core.models.checks.confounded import Confounded
from core.models.checks.cross_sectional import CrossSectional
from core.models.checks.definition import DefinitionLeakage
from core.models.checks.leakage import PermutedLabels
from core.models.checks.prevalence import CaseControlShare
from core.models.checks.selection import SelectionInside
from core.models.checks.size import SampleSize
from core.models.checks.subgroups import SmallSubgroups
from core.models.checks.suspicious import TooGood
from core.models.result import CheckResult

CHECKS: tuple[Check, ...] = (
    Confounded(),
    DefinitionLeakage(),
    PermutedLabels(),
    SelectionInside(),
    CentreOnly(),
    TooGood(),
    SampleSize(),
    Calibration(),
    SmallSubgroups(),
    CaseControlShare(),
    CrossSectional(),
)
SEVERITIES = ("red", "amber", "note", "passed", "not applicable")


def run_checks(facts: Facts) -> tuple[CheckResult, ...]:
    """Return what every check finds, the worst first."""
    found = [check.inspect(facts) for check in CHECKS]
    return tuple(sorted(found, key=lambda result: SEVERITIES.index(result.severity)))
