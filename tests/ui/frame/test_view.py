"""The view through a link and back, with every awkward value."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from core.de.spec import DESpec
from core.errors import InputError
from core.models.spec import ModelSpec
from core.pathways.spec import PathwaySpec
from pages.ui.frame.state import PARTS
from pages.ui.frame.view import Part, SharedView, changed, limited, usable
from pages.ui.genes.view import GenesView, OneGeneView

AWKWARD: list[Part] = [
    *(part() for part in PARTS),
    SharedView(gene="HLA-A", padj=1e-300, lfc=0.1 + 0.2),
    GenesView(find="a&b=c#d?e%2F", rows=77, picked=("none", "a,b"), boxed=True),
    SharedView(gene="none", basket=("none", "\\none", "", "a,b", "c%2Cd", "ü–日本", " x ")),
    GenesView(side="lower", plot="ma", order="fold change", basket_only=True, find="none"),
    OneGeneView(split="centre", log=False),
    SharedView(gene="<script>", data="deadbeef1234"),
    GenesView(find="\n\t"),
]
LIMITED = [(part, f.name) for part in PARTS for f in fields(part) if "limits" in f.metadata]


@dataclass(frozen=True)
class Prefixed(Part):
    """A subject that came later, with a name that others have too."""

    prefix = "modules."
    rows: int = limited(1, 1, 50)


def through_a_link(part: Part) -> Part:
    return type(part).from_query(dict(parse_qsl(urlencode(part.to_query()), keep_blank_values=True)))


@pytest.mark.parametrize("part", AWKWARD, ids=repr)
def test_a_part_survives_json_and_a_link(part: Part):
    assert type(part).from_json(part.to_json()) == part
    assert through_a_link(part) == part


def test_the_plain_view_leaves_the_address_empty():
    assert all(part().to_query() == {} for part in PARTS)


def test_parts_and_analyses_share_a_link_without_sharing_a_name():
    # The comparison and the models share what the models take from it.
    analyses = {f.name for kind in (DESpec, PathwaySpec, ModelSpec) for f in fields(kind)}
    names = Counter([*(name for part in PARTS for name in part.names()), *analyses])
    assert [name for name, n in names.items() if n > 1] == []


def test_a_later_part_carries_its_prefix_through_links_faults_and_changes():
    part = Prefixed(rows=7)
    assert part.to_query() == {"modules.rows": "7"}
    assert through_a_link(part) == part
    assert changed([GenesView(), part], {"modules.rows": 8, "rows": 3}) == [GenesView(rows=3), Prefixed(8)]
    for text in ("x", "51"):
        found, faults = usable([GenesView, Prefixed], {"rows": "2", "modules.rows": text})
        assert found == [GenesView(rows=2), Prefixed()]
        assert [fault.where for fault in faults] == ["link, parameter 'modules.rows'"]


@pytest.mark.parametrize(("part", "name"), LIMITED)
def test_numbers_beyond_the_widgets_are_refused(part: type[Part], name: str):
    low, high = part.__dataclass_fields__[name].metadata["limits"]
    for value in (low, high):
        assert getattr(part.from_query({name: f"{value}"}), name) == value
    for value in (low - 1, high + 1):
        with pytest.raises(InputError) as caught:
            part.from_query({name: f"{value}"})
        assert repr(name) in caught.value.faults[0].where


def test_one_bad_parameter_does_not_cost_the_others():
    query = {"padj": "x", "rows": "0", "data": "deadbeef1234", "lfc": "0.5", "other": "?"}
    found, faults = usable(PARTS, query)
    assert found == [SharedView(data="deadbeef1234", lfc=0.5), *(part() for part in PARTS[1:])]
    assert [fault.where for fault in faults] == ["link, parameter 'padj'", "link, parameter 'rows'"]


@pytest.mark.parametrize("change", [{"padj": 0.1}, {"lfc": 1.0}, {"side": "lower"}, {"order": "symbol"}])
def test_whatever_changes_a_list_starts_it_at_its_first_page(change: dict[str, Any]):
    parts = [SharedView(), GenesView(rows=7)]
    assert changed(parts, change)[1].rows == 1  # type: ignore[attr-defined]
    assert changed(parts, {"gene": "IFIT3"})[1] == GenesView(rows=7)
    assert changed(parts, {**change, "rows": 3})[1].rows == 3  # type: ignore[attr-defined]


def test_an_unknown_parameter_is_an_error_of_the_programmer():
    with pytest.raises(KeyError, match="nonsense"):
        changed([SharedView()], {"nonsense": 1})
