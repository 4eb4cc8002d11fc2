"""Links that would be too long: what they name is kept by content and found again, or said to be missing."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlencode

import pytest

from core.store import Store
from pages.ui.frame.long_link import KIND, LONGEST, STORED, shortened, whole

BASKET = ",".join(f"ENSG{n:011}" for n in range(2000))
QUERY = {"data": "deadbeef1234", "basket": BASKET, "find": "ü&=%", "padj": "0.1"}


def test_a_link_that_fits_is_left_alone(tmp_path: Path):
    query = {"data": "deadbeef1234", "find": "x" * (LONGEST - 30)}
    assert shortened(Store(tmp_path), query) == query
    assert whole(Store(tmp_path), query) == (query, [])
    assert not (tmp_path / KIND).exists()


def test_a_long_basket_is_linked_by_its_content_and_found_again(tmp_path: Path):
    link = shortened(Store(tmp_path), QUERY)
    assert set(link) == {"data", "find", "padj", STORED}
    assert len(urlencode(link)) < 300
    assert whole(Store(tmp_path), link) == (QUERY, [])
    assert shortened(Store(tmp_path), QUERY) == link
    other = shortened(Store(tmp_path), QUERY | {"basket": f"{BASKET},XIST"})
    assert other[STORED] != link[STORED]


def test_many_parameters_that_are_long_together_fit_too(tmp_path: Path):
    query = {f"p{n}": "y" * 900 for n in range(9)}
    link = shortened(Store(tmp_path), query)
    assert len(urlencode(link)) <= LONGEST
    assert whole(Store(tmp_path), link) == (query, [])


@pytest.mark.parametrize("key", ["ab" * 32, "", "../../results/x", "AB" * 32, "x"])
def test_an_unknown_hash_is_a_fault_and_the_rest_is_used(key: str, tmp_path: Path):
    found, (fault,) = whole(Store(tmp_path), {"padj": "0.1", STORED: key})
    assert found == {"padj": "0.1"}
    assert fault.where == "link, parameter 'stored'"
    assert "not kept on this computer" in fault.what


def test_what_was_tampered_with_is_not_taken_for_the_link(tmp_path: Path):
    link = shortened(Store(tmp_path), QUERY)
    run = tmp_path / KIND / link[STORED] / "run.json"
    run.write_text(json.dumps({"files": {}, "parameters": {"basket": "XIST"}}), encoding="utf-8")
    assert whole(Store(tmp_path), link)[1]


def test_a_store_that_cannot_be_written_leaves_the_link_long(tmp_path: Path):
    (tmp_path / "locks").write_text("in the way", encoding="utf-8")
    assert shortened(Store(tmp_path), QUERY) == QUERY
