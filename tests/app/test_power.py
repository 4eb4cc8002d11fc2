"""How small a difference could be found, and why a gene is not significant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from core.de.spec import DESpec
from core.store import Store
from tests.analyses import find_de
from tests.app.cohorts import Case
from tests.app.conftest import Visit, link
from tests.de.cohorts import small_cohort

CASE = Case("power", small_cohort(), DESpec("group", "TRD", "non-TRD", method="limma"))
Prepare = Callable[[Case], str]


def test_the_genes_page_says_how_small_a_difference_could_be_found(visit: Visit, prepare: Prepare) -> None:
    screen = visit("genes", link(prepare(CASE), CASE))
    assert "With 12 and 12 samples, the typical gene must differ by" in screen.text
    assert "strongest third" in screen.html


def test_the_gene_page_says_why_a_gene_is_not_significant(visit: Visit, prepare: Prepare) -> None:
    digest = prepare(CASE)
    result = find_de(Store(), digest, CASE.spec)
    assert result is not None
    order = result.table.sort_values("padj")["gene"]
    unclear, clear = order[result.table["padj"].idxmax()], order.iloc[0]
    screen = visit("gene", link(digest, replace(CASE, gene=str(unclear))))
    assert "Why not significant?" in screen.html
    assert "is found in 80 % of such studies" in screen.html
    assert "Why not significant?" not in visit("gene", link(digest, replace(CASE, gene=str(clear)))).html
