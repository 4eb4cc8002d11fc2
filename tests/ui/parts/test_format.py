"""Numbers and names as people read them."""

from __future__ import annotations

import math

import pytest

from pages.ui.parts import format as written


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.5, "0.50"),
        (0.034, "0.034"),
        (0.001, "0.0010"),
        (3.24e-5, "3.2 × 10⁻⁵"),
        (9.99e-4, "1.0 × 10⁻³"),
        (1e-250, "1.0 × 10⁻²⁵⁰"),
        (0.0, "< 10⁻³⁰⁰"),
        (1.0, "1.00"),
        (math.nan, "–"),
    ],
)
def test_p_values_as_in_a_journal(p: float, text: str):
    assert written.p_value(p) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.17, "+0.17"), (-0.174, "−0.17"), (0.0, "0.00"), (-0.004, "0.00"), (math.nan, "–")]
)
def test_changes_carry_their_sign(value: float, text: str):
    assert written.signed(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(20113.4, "20,113"), (9.94, "9.9"), (0.04, "0.0"), (math.nan, "–")]
)
def test_mean_counts_have_sensible_digits(value: float, text: str):
    assert written.mean_count(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "estimating time left"),
        (0.2, "about 1 s left"),
        (75.2, "about 75 s left"),
        (100, "about 2 min left"),
        (600, "about 10 min left"),
    ],
)
def test_time_left_in_words(value: float | None, text: str):
    assert written.seconds(value) == text


def test_words_agree_with_their_number():
    assert written.plural(1, "gene") == "1 gene"
    assert written.plural(2000, "gene") == "2,000 genes"
    assert written.plural(0, "study", "studies") == "0 studies"


def test_enumerations():
    assert written.enumeration([]) == ""
    assert written.enumeration(["age"]) == "age"
    assert written.enumeration(["age", "sex", "centre"]) == "age, sex and centre"


def test_names_lose_their_markdown_and_nothing_else():
    assert written.plain("HLA-A; 5-HT (2A)") == r"HLA-A; 5-HT \(2A\)"
    assert written.plain("[x](http://y) <b> $a$ `c` *d*") == r"\[x\]\(http\://y\) \<b\> \$a\$ \`c\` \*d\*"
