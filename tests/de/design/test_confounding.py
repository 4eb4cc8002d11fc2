from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.cohort.samples.balance import REMARKABLE, Difference, explained
from core.de.design.build import MAX_QUIET_INFLATION
from core.de.design.confounding import (
    FIRST_COMPONENTS,
    SIGNIFICANT,
    Light,
    _one_sided,
    _verdict,
    confounding_lights,
)
from core.de.spec import DESpec

SPEC = DESpec("group", "TRD", "non-TRD", ("age",))


@pytest.fixture
def metadata() -> pd.DataFrame:
    rng = np.random.default_rng(2)
    group = np.repeat(["TRD", "non-TRD"], 50)
    return pd.DataFrame(
        {
            "group": group,
            "age": rng.normal(45, 10, 100) + 8 * (group == "TRD"),
            "alike": rng.normal(0, 1, 100),
            "batch": np.where(group == "TRD", "b1", "b2"),
            "centre": np.r_[["A"] * 30, ["B"] * 20, ["A"] * 25, ["B"] * 19, ["C"] * 6],
        },
        index=[f"S{i:03d}" for i in range(100)],
    )


def lights(metadata: pd.DataFrame, spec: DESpec = SPEC) -> dict[str, Light]:
    rng = np.random.default_rng(5)
    components = pd.DataFrame({"PC1": metadata["age"] + rng.normal(0, 5, 100)}, index=metadata.index)
    columns = [name for name in metadata if name != "group"]
    found = confounding_lights(metadata, spec, columns, components=components)
    return {light.column: light for light in found}


def test_an_aliased_column_is_red_with_the_table_that_shows_it(metadata: pd.DataFrame) -> None:
    found = lights(metadata)
    assert next(iter(found)) == "batch"
    light = found["batch"]
    assert (light.colour, light.inflation) == ("red", float("inf"))
    assert "cannot be told apart" in light.reason
    (table,) = light.tables.values()
    assert (table.to_numpy() > 0).sum() == 2


def test_what_goes_with_group_and_expression_is_amber_even_if_adjusted_for(metadata: pd.DataFrame) -> None:
    light = lights(metadata)["age"]
    assert (light.colour, light.adjusted, light.component) == ("amber", True, "PC1")
    assert light.share > 0.5


def test_a_centre_with_one_group_only_is_amber_with_its_table(metadata: pd.DataFrame) -> None:
    light = lights(metadata)["centre"]
    assert light.colour == "amber"
    assert "in C" in light.reason
    (table,) = light.tables.values()
    assert table.loc["C", "TRD"] == 0


def test_what_goes_with_nothing_is_green(metadata: pd.DataFrame) -> None:
    light = lights(metadata)["alike"]
    assert (light.colour, light.adjusted) == ("green", False)
    assert 1 <= light.inflation < 1.2


def test_what_goes_with_the_group_is_not_known_to_be_harmless_before_expression_was_looked_at(
    metadata: pd.DataFrame,
) -> None:
    unlike = metadata.assign(unlike=(metadata["group"] == "TRD") + np.arange(len(metadata)) % 7 / 3)
    (light,) = confounding_lights(unlike, DESpec("group", "TRD", "non-TRD"), ["unlike"])
    assert light.group_p < 0.05
    assert (light.colour, light.component) == ("grey", "")
    assert "not known" in light.reason


def test_samples_left_out_do_not_count(metadata: pd.DataFrame) -> None:
    from core.cohort.samples.exclusion import exclusion

    left_out = tuple(exclusion(metadata.index, f"S{i:03d}", reason="chosen") for i in range(94, 100))
    light = lights(metadata, DESpec("group", "TRD", "non-TRD", exclude=left_out))["centre"]
    assert not light.tables


def test_the_p_value_of_the_strongest_component_is_that_of_one_among_all_that_were_looked_at(
    metadata: pd.DataFrame,
) -> None:
    noise = np.random.default_rng(8).normal(0, 1, (100, 7))
    noise[:, 1] += metadata["alike"].to_numpy() / 2
    components = pd.DataFrame(noise, index=metadata.index, columns=[f"PC{i + 1}" for i in range(7)])
    (light,) = confounding_lights(metadata, SPEC, ["alike"], components=components)
    single = explained(metadata["alike"], components).loc["PC2", "pvalue"]
    assert light.component == "PC2"
    assert light.component_p == pytest.approx(single * FIRST_COMPONENTS)
    (light,) = confounding_lights(metadata, SPEC, ["alike"], components=components[["PC2", "PC3"]])
    assert light.component_p == pytest.approx(single * 2)
    straight = np.column_stack([np.ones(100), metadata["alike"]])
    components -= straight @ np.linalg.lstsq(straight, components.to_numpy(), rcond=None)[0]
    (light,) = confounding_lights(metadata, SPEC, ["alike"], components=components)
    assert light.component_p == 1.0


def test_a_sixth_component_is_not_looked_at(metadata: pd.DataFrame) -> None:
    components = pd.DataFrame(np.random.default_rng(8).normal(0, 1, (100, 6)), index=metadata.index)
    components[5] = metadata["alike"]
    (light,) = confounding_lights(metadata, SPEC, ["alike"], components=components)
    assert light.component != "5"
    assert light.share < 0.5


def verdict(
    *,
    group_p: float = 0.5,
    component_p: float = 0.5,
    inflation: float = 1.0,
    value: float = 0.0,
    low: float = 0.0,
) -> tuple[str, str]:
    difference = Difference(value, low, 1.0)
    return _verdict(group_p, component_p, inflation, refusal=None, one_sided=[], difference=difference)


BELOW = np.nextafter(SIGNIFICANT, 0)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"inflation": MAX_QUIET_INFLATION}, "green"),
        ({"inflation": np.nextafter(MAX_QUIET_INFLATION, 9)}, "amber"),
        ({"group_p": BELOW, "component_p": BELOW}, "amber"),
        ({"group_p": SIGNIFICANT, "component_p": BELOW}, "green"),
        ({"group_p": BELOW, "component_p": SIGNIFICANT}, "green"),
        # Unlike by size alone, of either sign, where the size is known.
        ({"value": REMARKABLE, "component_p": BELOW}, "amber"),
        ({"value": -REMARKABLE, "component_p": BELOW}, "amber"),
        ({"value": np.nextafter(REMARKABLE, 0), "component_p": BELOW}, "green"),
        ({"value": 2.0, "low": np.nan, "component_p": BELOW}, "green"),
        ({"value": 2.0, "low": np.nan, "group_p": BELOW, "component_p": BELOW}, "amber"),
    ],
)
def test_a_column_is_amber_from_these_limits_on(given: dict[str, float], expected: str) -> None:
    assert verdict(**given)[0] == expected


@pytest.mark.parametrize(
    ("group_p", "component_p", "colour", "words"),
    [
        (BELOW, 0.5, "green", "differ in it, but expression hardly"),
        (0.5, BELOW, "green", "Expression goes with it, but the groups are alike"),
        (0.5, SIGNIFICANT, "green", "are alike in it, and expression hardly"),
        (BELOW, np.nan, "grey", "differ in it; whether expression goes with it is not known"),
        (SIGNIFICANT, np.nan, "green", "are alike in it."),
    ],
)
def test_a_column_says_what_is_missing_or_not_known(
    group_p: float, component_p: float, colour: str, words: str
) -> None:
    found, reason = verdict(group_p=group_p, component_p=component_p)
    assert found == colour
    assert words in reason


def test_a_level_is_one_sided_where_all_its_samples_are_in_one_group() -> None:
    groups = pd.Series(["TRD", "non-TRD", "TRD", "TRD", "non-TRD"])
    assert _one_sided(pd.Series(["A", "A", "B", "B", "C"]), groups) == ["B", "C"]
    assert _one_sided(pd.Series(["A", "A", "B", "A", "B"]), groups) == []
    assert _one_sided(pd.Series([1.0, 2.0, 3.0, 4.0, 5.0]), groups) == []


def test_the_difference_is_that_of_case_against_control(metadata: pd.DataFrame) -> None:
    light = lights(metadata)["age"]
    assert light.difference.value > 0.3
    turned = lights(metadata, DESpec("group", "non-TRD", "TRD"))["age"]
    assert turned.difference.value == pytest.approx(-light.difference.value)


def test_the_worst_is_first_and_of_equals_the_least_likely(metadata: pd.DataFrame) -> None:
    order = [(light.colour, light.group_p) for light in lights(metadata).values()]
    rank = ["red", "amber", "green"]
    assert order == sorted(order, key=lambda one: (rank.index(one[0]), one[1]))


def test_of_many_one_sided_levels_three_are_named() -> None:
    levels = ["A", "B", "C", "D"]
    _, reason = _verdict(0.5, 0.5, 1.0, refusal=None, one_sided=levels, difference=Difference(0, 0, 0))
    assert "in A, B, C:" in reason
