"""Tuberculosis against latent infection in whole blood: biology that is not in doubt."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from core.cohort.gene_table import human_genes
from core.cohort.model import Cohort
from core.de.spec import DESpec
from core.pathways.compute import Comparison, analyse
from core.pathways.result import PathwayResult
from core.pathways.spec import PathwaySpec
from tests.de.cohorts import read_cohort

SPEC = DESpec("TBStatus", "PTB", "LTBI", ("sex_molecular",), min_samples=21)


@pytest.fixture(scope="module")
def result(shared_data: Path) -> PathwayResult:
    cohort = read_cohort(shared_data / "london_tb")
    symbols = human_genes().resolve(cohort.genes["gene"])["symbol"].to_numpy()
    cohort = Cohort(cohort.name, cohort.counts, cohort.genes.assign(symbol=symbols), cohort.metadata)
    # R's Wald statistics: what is tested here is the enrichment, not the comparison.
    reference = pd.read_csv(
        shared_data / "reference" / "london_PTB_vs_LTBI_deseq2.csv.gz", index_col=0
    ).reindex(cohort.genes["gene"])
    table = reference.reset_index(drop=True).assign(gene=cohort.genes["gene"], symbol=symbols)
    return analyse(Comparison(table, SPEC, "", cohort, simulated=False), PathwaySpec(("btm", "hallmark")))


@pytest.mark.parametrize(
    ("name", "direction"),
    [
        ("enriched in monocytes (II) (M11.0)", "up"),
        ("Monocyte surface signature (S4)", "up"),
        ("type I interferon response (M127)", "up"),
        ("antiviral IFN signature (M75)", "up"),
        ("HALLMARK_INTERFERON_ALPHA_RESPONSE", "up"),
        ("HALLMARK_INTERFERON_GAMMA_RESPONSE", "up"),
        ("enriched in T cells (I) (M7.0)", "down"),
        ("enriched in B cells (I) (M47.0)", "down"),
        ("enriched in NK cells (I) (M7.2)", "down"),
    ],
)
def test_known_biology_is_found_and_confirmed(result: PathwayResult, name: str, direction: str):
    row = result.table.set_index("set").loc[name]
    assert row["direction"] == direction
    assert row["padj"] < 0.001
    assert row["check_padj"] < 0.05


def test_monocytes_and_lymphocytes_are_among_the_strongest(result: PathwayResult):
    btm = result.table[result.table["collection"] == "btm"]
    strongest = set(btm.sort_values("pvalue")["set"].head(15))
    assert {
        "enriched in monocytes (II) (M11.0)",
        "enriched in T cells (I) (M7.0)",
        "enriched in B cells (I) (M47.0)",
        "enriched in NK cells (I) (M7.2)",
    } <= strongest


def ranks(btm: pd.DataFrame, direction: str, strength: str) -> pd.Series:
    """Rank the modules of one direction by strength, 1 for the strongest, by the start of their names."""
    own = btm[btm["direction"] == direction]
    return own[strength].abs().rank(ascending=False).set_axis(own["set"].str.extract(r"\(([MS][\d.]+)\)$")[0])


def test_by_normalised_score_monocytes_and_lymphocytes_lead_their_direction(result: PathwayResult):
    btm = result.table[result.table["collection"] == "btm"]
    higher, lower = (ranks(btm, direction, "nes") for direction in ("up", "down"))
    assert len(higher) > 150
    assert set(higher.nsmallest(2).index) == {"M11.0", "S4"}  # monocytes
    assert len(lower) > 70
    assert set(lower.nsmallest(4).index) == {"M7.0", "M7.1", "M47.0", "M7.2"}  # T, T, B, NK


def test_by_the_shift_of_their_genes_all_known_biology_is_among_the_strongest(result: PathwayResult):
    btm = result.table[result.table["collection"] == "btm"]
    higher, lower = (ranks(btm, direction, "shift") for direction in ("up", "down"))
    assert higher["M127"] <= 3  # type I interferon response
    assert higher["M111.1"] <= 10  # IRF2 targets
    assert max(higher["M73"], higher["M11.0"]) <= 12  # monocytes
    assert max(lower["M7.4"], lower["M7.0"], lower["M7.1"]) <= 8  # T cells
    assert max(lower["M69"], lower["M47.0"]) <= 12  # B cells
    assert max(lower["M61.2"], lower["M157"], lower["M7.2"]) <= 15  # NK cells


def test_the_normalised_score_grows_with_a_set_and_puts_small_interferon_sets_lower(result: PathwayResult):
    # They hold 12 to 22 genes, and many large modules differ here.
    btm = result.table[result.table["collection"] == "btm"]
    by_score = ranks(btm[btm["significant"]], "up", "nes")
    assert by_score["M127"] <= len(by_score) / 3
    assert by_score["M75"] <= len(by_score) / 2


def test_immune_sub_themes_point_where_they_should(result: PathwayResult):
    themes = result.themes.set_index(["theme", "sub_theme"])
    assert themes.loc[("Immune system", "Innate"), "lower"] > 0
    assert themes.loc[("Immune system", "Adaptive"), "upper"] < 0
