"""The view through a link and back, with every awkward value."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest

from core.errors import InputError
from core.spec import DESpec
from pages.ui.address import usable_view
from pages.ui.view import LIMITS, View

AWKWARD = [
    View(),
    View(gene="HLA-A", find="a&b=c#d?e%2F", padj=1e-300, lfc=0.1 + 0.2, rows=77),
    View(gene="none", find="none", basket=("none", "\\none", "", "a,b", "c%2Cd", "ü–日本", " x ")),
    View(side="lower", plot="ma", order="fold change", split="centre", log=False, basket_only=True),
    View(gene="<script>", find="\n\t", data="deadbeef1234"),
]


@pytest.mark.parametrize("view", AWKWARD)
def test_a_view_survives_json_and_a_link(view: View):
    assert View.from_json(view.to_json()) == view
    address = urlencode(view.to_query())
    assert View.from_query(dict(parse_qsl(address, keep_blank_values=True))) == view


def test_the_plain_view_leaves_the_address_empty():
    assert View().to_query() == {}


def test_view_and_analysis_share_a_link_without_sharing_a_name():
    spec = DESpec("group", "TRD", "non-TRD")
    assert set(View.__dataclass_fields__) & set(spec.__dataclass_fields__) == set()


@pytest.mark.parametrize("name", LIMITS)
def test_numbers_beyond_the_widgets_are_refused(name: str):
    low, high = LIMITS[name]
    for value in (low, high):
        assert getattr(View.from_query({name: f"{value}"}), name) == value
    for value in (low - 1, high + 1):
        with pytest.raises(InputError) as caught:
            View.from_query({name: f"{value}"})
        assert repr(name) in caught.value.faults[0].where


def test_one_bad_parameter_does_not_cost_the_others():
    view, faults = usable_view({"padj": "x", "rows": "0", "data": "deadbeef1234", "lfc": "0.5", "other": "?"})
    assert view == View(data="deadbeef1234", lfc=0.5)
    assert [fault.where for fault in faults] == ["link, parameter 'padj'", "link, parameter 'rows'"]
