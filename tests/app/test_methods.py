"""The Methods page names every collection with what one needs to cite it, and keeps its figures true."""

from __future__ import annotations

import re

from core.pathways.enrichment.gsea import SMALLEST_P
from core.pathways.sets.collections import list_collections
from pages.ui.methods import pathways as methods_pathways
from pages.ui.methods import robustness as methods_robustness
from pages.ui.robustness.page import CHECKS
from tests.app.conftest import Visit


def test_every_collection_is_named_with_version_licence_and_number_of_sets(visit: Visit):
    screen = visit("methods")
    for card in list_collections():
        row = re.search(rf"<tr><td[^>]*>{re.escape(card.title)}</td>.*?</tr>", screen.html)
        assert row is not None, card.title
        for value in (card.version, card.release_date, card.licence, f"{card.n_sets:,}"):
            assert f">{value}</td>" in row.group(0)
        assert card.attribution in screen.text


def test_it_says_how_sets_are_tested_and_what_the_flag_means(visit: Visit):
    screen = visit("methods")
    for title in methods_pathways.SECTIONS:
        assert title in screen.text
    assert "Blood is not brain" in screen.text
    assert SMALLEST_P == 1e-10
    assert "down to 10⁻¹⁰" in screen.text


def test_every_check_of_robustness_has_its_method_source_and_limits(visit: Visit):
    screen = visit("methods")
    titles = [title for title in methods_robustness.SECTIONS if title.startswith("Robustness: ")]
    assert len(titles) >= len(CHECKS)
    for title in titles:
        assert title in screen.text
        text = methods_robustness.SECTIONS[title]
        assert "**Limits:**" in text
        assert text in screen.text
        # The paper whose idea it is, by author and year; what fits no paper has none.
        assert re.search(r"(18|19|20)\d\d", text), title
    assert "Siblings can be told from genotypes only, and counts hold none" in screen.text
