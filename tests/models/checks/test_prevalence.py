from __future__ import annotations

from core.models.checks.base import Facts
from core.models.checks.prevalence import CaseControlShare


def test_a_share_chosen_by_design_is_noted():
    found = CaseControlShare().inspect(Facts(n_case=150, n_control=143))
    assert found.severity == "note"
    assert found.explanation.startswith("51 % are cases")


def test_a_share_as_in_care_passes():
    assert CaseControlShare().inspect(Facts(n_case=25, n_control=75)).severity == "passed"


def test_a_share_as_in_care_passes_up_to_its_limit():
    assert CaseControlShare().inspect(Facts(n_case=35, n_control=65)).severity == "passed"


def test_without_samples():
    assert CaseControlShare().inspect(Facts()).severity == "not applicable"
