"""Whether the sex recorded for a sample agrees with its XIST and Y-chromosome reads.

Women express XIST and no Y genes, men the reverse. Each sample's reads are compared with
what is usual among the cohort's own women and men, so that no threshold depends on the
tissue or the protocol. A sample with a good part of both is mixed: two people's material
in one tube, or rarely a sex-chromosome aneuploidy.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.cohort.model import Cohort
from core.cohort.reading.findings import count_of, listing
from core.cohort.roles import sex_of
from core.cohort.samples.groups import level_names
from core.errors import Notice

XIST = "XIST"
Y_GENES = ("RPS4Y1", "DDX3Y", "KDM5D", "UTY", "EIF1AY", "USP9Y", "ZFY")
USUAL_XIST_CPM, USUAL_Y_CPM = 250.0, 500.0
"""Stand in, as seen in whole blood, for what is usual in a sex of which a cohort has too few samples."""
FAINT = 0.2
"""Where only one of the two signals was measured: share of its usual strength that shows the sex."""
MIXED_SHARE = 0.05
"""Share of the other sex's usual signal that makes a sample mixed.

Chosen on two real cohorts: in London the largest share is 0.02; in the Brazilian one 0.03, then 0.06."""
FEWEST_READS = 10
FEWEST_OF_A_SEX = 3


def sex_signals(cohort: Cohort) -> pd.DataFrame | None:
    """Return what XIST and Y genes say about each sample; None if the counts have neither.

    Returns
    -------
    pandas.DataFrame or None
        Indexed by sample: ``xist_cpm``, ``y_cpm`` (counts per million), ``female_share``,
        ``male_share`` (1 is usual for that sex) and ``molecular``: "female", "male",
        "mixed" or "unclear".
    """
    symbols = cohort.genes["symbol"]
    has_xist, has_y = (symbols == XIST).to_numpy(), symbols.isin(Y_GENES).to_numpy()
    if not has_xist.any() and not has_y.any():
        return None
    depth = np.maximum(cohort.counts.sum(axis=0), 1) / 1e6
    reads = pd.DataFrame(
        {"xist": cohort.counts[has_xist].sum(axis=0), "y": cohort.counts[has_y].sum(axis=0)},
        index=cohort.samples,
    )
    xist, y = reads["xist"] / depth, reads["y"] / depth
    female_share, male_share = _shares(xist, y, has_xist=bool(has_xist.any()), has_y=bool(has_y.any()))
    calls = _calls(female_share, male_share, reads)
    return pd.DataFrame(
        {
            "xist_cpm": xist,
            "y_cpm": y,
            "female_share": female_share,
            "male_share": male_share,
            "molecular": calls,
        }
    )


def sex_notices(cohort: Cohort, column: str) -> list[Notice]:
    """Return samples whose recorded sex disagrees with their reads, and samples with both signals."""
    signals = sex_signals(cohort)
    if signals is None:
        text = "The sex of samples cannot be checked: the counts have neither XIST nor Y-chromosome genes."
        return [Notice("sex-not-checked", text)]
    recorded = _recorded(cohort.metadata[column], signals["molecular"])
    opposite = {"female": "male", "male": "female"}
    swapped = signals["molecular"] == recorded.map(opposite)
    mixed = signals["molecular"] == "mixed"
    notices = []
    if swapped.any():
        parts = [
            f"{s} (recorded {recorded[s]}, reads {signals['molecular'][s]})" for s in signals.index[swapped]
        ]
        text = (
            f"The sex in column {column!r} disagrees with XIST and Y-chromosome reads in "
            f"{count_of(int(swapped.sum()), 'sample')}: {listing(parts)}. Tubes may have been swapped."
        )
        notices.append(Notice("sex-mismatch", text, tuple(map(str, signals.index[swapped]))))
    if mixed.any():
        text = (
            f"{count_of(int(mixed.sum()), 'sample has', 'samples have')} XIST as well as Y-chromosome reads: "
            f"{listing(signals.index[mixed])}. Material of two people may have been mixed."
        )
        notices.append(Notice("sex-mismatch", text, tuple(map(str, signals.index[mixed]))))
    return notices


def _shares(
    xist: pd.Series[float], y: pd.Series[float], *, has_xist: bool, has_y: bool
) -> tuple[pd.Series[float], pd.Series[float]]:
    """Return each sample's signal of either sex as a share of what is usual in that sex."""
    if has_xist and has_y:
        female = xist > y
        return xist / _usual(xist, female, USUAL_XIST_CPM), y / _usual(y, ~female, USUAL_Y_CPM)
    # One signal alone: what it lacks of its usual strength is counted for the other sex.
    one, usual = (y, USUAL_Y_CPM) if has_y else (xist, USUAL_XIST_CPM)
    share = one / max(float(np.quantile(one, 0.9)), FAINT * usual)
    share = (share / FAINT).clip(upper=1.0)
    return (1 - share, share) if has_y else (share, 1 - share)


def _usual(cpm: pd.Series[float], members: pd.Series[bool], default: float) -> float:
    """Return the usual signal of a sex in this cohort."""
    return float(cpm[members].median()) if members.sum() >= FEWEST_OF_A_SEX else default


def _calls(female_share: pd.Series[float], male_share: pd.Series[float], reads: pd.DataFrame) -> NDArray[Any]:
    mixed = (np.minimum(female_share, male_share) > MIXED_SHARE) & (reads.min(axis=1) >= FEWEST_READS)
    unclear = np.maximum(female_share, male_share) < MIXED_SHARE
    called = np.where(female_share > male_share, "female", "male")
    result: NDArray[Any] = np.select([mixed, unclear], ["mixed", "unclear"], default=called).astype(object)
    return result


def _recorded(values: pd.Series[Any], molecular: pd.Series[str]) -> pd.Series[Any]:
    """Return recorded sex as "female"/"male"; codes such as 0 and 1 mean what most of their samples show."""
    levels = level_names(values)
    meaning: dict[str, str | None] = {}
    for level in levels.dropna().unique():
        shown = molecular[(levels == level) & molecular.isin(["female", "male"])]
        meaning[level] = sex_of(level) or (str(shown.mode().iloc[0]) if len(shown) else None)
    return levels.map(meaning)
