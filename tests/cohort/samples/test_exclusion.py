from __future__ import annotations

import pytest

from core.cohort.samples.exclusion import exclusion, exclusion_words, left_out, named_exclusions
from core.cohort.samples.tokens import sample_tokens
from core.errors import InputError

SAMPLES = ["S1", "S2", "a:b"]


def test_a_sample_is_left_out_with_its_reason_and_without_its_name() -> None:
    item = exclusion(SAMPLES, "S2", reason="low-depth")
    assert "S2" not in item
    assert left_out(SAMPLES, (item,)) == {"S2": "low-depth"}


def test_names_typed_by_people_become_tokens() -> None:
    tokens = sample_tokens(SAMPLES)
    typed = ["S2:low-depth", "S1", "a:b", f"{tokens['S2']}:low-depth"]
    expected = {f"{tokens['S2']}:low-depth", f"{tokens['S1']}:chosen", f"{tokens['a:b']}:chosen"}
    found = named_exclusions(SAMPLES, typed)
    assert set(found) == expected
    assert len(found) == 3


def test_all_unknown_tokens_and_reasons_are_told_at_once() -> None:
    known = sample_tokens(SAMPLES)["S1"]
    with pytest.raises(InputError) as refused:
        left_out(SAMPLES, ("0123456789:chosen", f"{known}:Maria"))
    assert [fault.code for fault in refused.value.faults] == ["bad-exclude"] * 2


def test_words_count_by_reason() -> None:
    assert exclusion_words(()) == ""
    items = ("a:low-depth", "b:chosen", "c:low-depth")
    assert exclusion_words(items) == "3 samples left out (1 chosen, 2 low-depth)"
