from __future__ import annotations

from dataclasses import replace

import pandas as pd

from core.de.provenance import provenance_of
from core.de.result import DEResult, RunInfo
from core.de.script import de_script
from core.de.spec import DESpec
from core.export.provenance import Provenance
from core.export.tables import to_csv_bytes
from tests.de.test_result import unfitted


def test_line_has_all_that_is_needed(provenance: Provenance) -> None:
    assert provenance.line() == (
        "London, whole blood [0123456789ab] · PTB vs LTBI, n = 21 vs 21 · ~ sex + TBStatus · "
        "17,000 active genes · DESeq2 Wald test, alpha 0.05 · outlier handling active · "
        "pydeseq2 0.5.4, numpy 2.4.6 · no random step"
    )


def test_simulated_comes_first_and_the_seed_is_named(provenance: Provenance) -> None:
    line = replace(provenance, simulated=True, seed=7).line()
    assert line.startswith("Simulated data · London")
    assert line.endswith("· seed 7")


def test_how_much_was_tried_is_the_last_sentence_of_every_export(provenance: Provenance) -> None:
    sentence = "3 comparisons were tried in this exploration."
    tried = replace(provenance, tried=sentence)
    assert tried.line() == f"{provenance.line()} · {sentence}"
    assert tried.items() == [*provenance.items(), ("Tried", sentence)]
    table = pd.DataFrame({"gene": ["A"]})
    assert sentence in to_csv_bytes(table, tried).decode()
    assert to_csv_bytes(table, tried).decode().replace(f" · {sentence}", "") == (
        to_csv_bytes(table, provenance).decode()
    )
    script = de_script(unfitted(DESpec("group", "TRD", "non-TRD")), provenance=tried.line())
    assert sentence in " ".join(script.split())


def test_it_is_one_line_whatever_the_name(provenance: Provenance) -> None:
    assert "\n" not in replace(provenance, dataset="two\nlines\r\nhere").line()


def test_items_leave_out_what_is_unknown() -> None:
    names = [name for name, _ in Provenance(dataset="x", digest="ab").items()]
    assert names == ["Data", "Data set", "Content hash", "Seed"]


def test_a_result_tells_its_provenance() -> None:
    run = RunInfo(
        n_case=150,
        n_control=143,
        n_genes=20,
        n_active=1234,
        n_tested=10,
        min_samples=143,
        active_definition="at least 10 counts in at least 143 samples of those compared",
        outlier_state="off",
        outlier_reason="",
        n_replaced=0,
        n_withheld=0,
        coefficients=(),
        covariates=(),
        variance_inflation=1.0,
        notices=(),
        seconds=1.0,
        simulated=True,
        algorithm="deseq2-1",
        versions={"pydeseq2": "0.5.4"},
    )
    spec = DESpec("group", "TRD", "non-TRD", ("sex",), shrink=True, winsorise=0.95, lfc_threshold=0.2)
    line = provenance_of(DEResult(spec, "f" * 64, pd.DataFrame(), run, pd.DataFrame()), dataset="Demo").line()
    for part in (
        "Simulated data",
        "TRD vs non-TRD, n = 150 vs 143",
        "~ sex + group",
        "1,234 active genes: at least 10 counts",
        "tested for |log2FC| above 0.2",
        "shrunken",
        "counts capped at quantile 0.95",
        "outlier handling off",
        "pydeseq2 0.5.4, algorithm deseq2-1",
    ):
        assert part in line
