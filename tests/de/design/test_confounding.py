from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.de.design.confounding import Light, confounding_lights
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
