"""Where the calls of the sex check begin, on reads written by hand; every sample has a million reads."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.cohort.model import Cohort, Roles
from core.cohort.samples.sex_check import FEWEST_READS, XIST, sex_notices, sex_signals

WOMEN = [(1000, 0)] * 3
MEN = [(0, 400)] * 3
DEPTH = 1_000_000


def cohort(reads: list[tuple[int, int]], *, genes: tuple[str, str] = (XIST, "DDX3Y")) -> Cohort:
    """Samples by their reads of XIST and of Y genes, recorded as women first, then men."""
    xist, y = np.array(reads).T
    counts = np.vstack([xist, y, DEPTH - xist - y]).astype(np.int32)
    names = pd.Index([f"S{i}" for i in range(len(reads))], name="sample")
    symbols = [*genes, "ACTB"]
    metadata = pd.DataFrame({"sex": ["female"] * 3 + ["male"] * (len(reads) - 3)}, index=names)
    return Cohort("x", counts, pd.DataFrame({"gene": symbols, "symbol": symbols}), metadata, Roles(sex="sex"))


def calls(reads: list[tuple[int, int]], *, genes: tuple[str, str] = (XIST, "DDX3Y")) -> list[str]:
    signals = sex_signals(cohort(reads, genes=genes))
    assert signals is not None
    return list(signals["molecular"])


def test_signals_are_shares_of_what_is_usual_in_the_cohort():
    signals = sex_signals(cohort([(500, 0), (1000, 0), (2000, 0), (0, 300), (0, 400), (10, 800)]))
    assert signals is not None
    assert list(signals["xist_cpm"]) == [500, 1000, 2000, 0, 0, 10]
    assert list(signals["y_cpm"]) == [0, 0, 0, 300, 400, 800]
    assert list(signals["female_share"]) == pytest.approx([0.5, 1, 2, 0, 0, 0.01])
    assert list(signals["male_share"]) == pytest.approx([0, 0, 0, 0.75, 1, 2])
    assert list(signals["molecular"]) == ["female"] * 3 + ["male"] * 3


def test_reads_are_counted_per_million_of_the_sample():
    shallow = cohort(WOMEN + MEN)
    shallow.counts[:, 0] //= 10
    signals = sex_signals(shallow)
    assert signals is not None
    assert signals["xist_cpm"].iloc[0] == pytest.approx(1000)


def test_of_fewer_than_three_of_a_sex_what_is_usual_elsewhere_stands_in():
    signals = sex_signals(cohort([(1000, 0)] * 2 + MEN))
    assert signals is not None
    assert list(signals["female_share"])[:2] == pytest.approx([4, 4])  # 250 per million
    signals = sex_signals(cohort(WOMEN + MEN[:2]))
    assert signals is not None
    assert list(signals["male_share"])[3:] == pytest.approx([0.8, 0.8])  # 500 per million


@pytest.mark.parametrize(
    ("reads", "call"),
    [
        ((1000, 20), "female"),  # a twentieth of what is usual in men
        ((1000, 21), "mixed"),
        ((50, 400), "male"),
        ((51, 400), "mixed"),
        ((49, 0), "unclear"),
        ((50, 0), "female"),
        ((0, 19), "unclear"),
        ((0, 20), "male"),
    ],
)
def test_where_mixed_and_unclear_begin(reads: tuple[int, int], call: str):
    assert calls(WOMEN * 2 + MEN * 2 + [reads])[-1] == call


@pytest.mark.parametrize(("few", "call"), [(FEWEST_READS - 1, "female"), (FEWEST_READS, "mixed")])
def test_a_handful_of_reads_mixes_nothing(few: int, call: str):
    faint = [(0, 100)] * 5
    assert calls([*WOMEN, *WOMEN, *faint, (1000, few)])[-1] == call


@pytest.mark.parametrize(
    ("genes", "present", "absent", "column"),
    [((XIST, "KRT1"), "female", "male", 0), (("KRT1", "UTY"), "male", "female", 1)],
)
def test_of_one_signal_alone_a_fifth_of_its_usual_strength_shows_the_sex(
    genes: tuple[str, str], present: str, absent: str, column: int
):
    strengths = [1000] * 5 + [101, 99, 0]
    reads = [(value, 0) if column == 0 else (0, value) for value in strengths]
    assert calls(reads, genes=genes) == [present] * 6 + [absent] * 2
    # Where nobody has the signal, a share of what is usual elsewhere is asked for.
    faint = [(4, 0) if column == 0 else (0, 4)] * 6
    assert calls(faint, genes=genes) == [absent] * 6


def test_what_disagrees_is_named_with_what_was_recorded():
    swapped, mixed = sex_notices(cohort([*WOMEN, (900, 0), *MEN, (900, 300), (800, 200)]), "sex")
    assert swapped.samples == ("S3",)
    assert "in 1 sample: S3 (recorded male, reads female)" in swapped.message
    assert mixed.samples == ("S7", "S8")
    assert "2 samples have XIST as well as Y-chromosome reads: S7, S8." in mixed.message
    (both,) = sex_notices(cohort([(0, 400), (1000, 0), (1000, 0), (900, 0), *MEN]), "sex")
    assert both.samples == ("S0", "S3")


def test_where_all_agree_there_is_nothing_to_say():
    assert sex_notices(cohort(WOMEN + MEN), "sex") == []


@pytest.mark.parametrize("codes", [["1", "1", "1", "2", "2", "2", "2"], ["a", "a", "a", None, "b", "b", "b"]])
def test_codes_mean_what_most_of_their_samples_show(codes: list[str | None]):
    coded = cohort([*WOMEN, (1000, 0), *MEN])
    coded.metadata["sex"] = codes
    found = [notice.samples for notice in sex_notices(coded, "sex")]
    assert found == ([("S3",)] if codes[3] else [])


def test_without_either_signal_it_says_that_it_cannot_be_checked():
    nothing = cohort(WOMEN + MEN, genes=("KRT1", "KRT2"))
    assert sex_signals(nothing) is None
    (notice,) = sex_notices(nothing, "sex")
    assert notice.code == "sex-not-checked"
    assert "neither XIST nor Y-chromosome genes" in notice.message
