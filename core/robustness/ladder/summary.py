"""What a ladder says: how many genes remain at each rung, which vanish, and how one gene or theme fares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.de.reading.summary import fold_change, significant
from core.robustness.ladder.run import Ladder
from core.robustness.subgroups.shares import Share, wilson

Outcome = Literal["nothing", "collapses", "mostly vanishes", "weakens", "persists"]
# From which share of vanished genes each word is used.
COLLAPSES, MOSTLY, WEAKENS = 0.9, 0.5, 0.2
FEWEST_JUDGED = 20  # genes; with fewer a share says little


@dataclass(frozen=True)
class StepChange:
    """What became of the significant genes of one rung at a later one.

    Parameters
    ----------
    vanished : Share
        Of the genes significant before, those that are not significant after in the same direction.
    n_new : int
        Genes significant after that were not before.
    attenuation : float
        By which share the fold change of the genes significant before has shrunk: the median; negative
        if it has grown.
    widening : float
        By how much their standard error has grown: the median ratio.
    """

    vanished: Share
    n_new: int
    attenuation: float
    widening: float

    @property
    def outcome(self) -> Outcome:
        """What happened, in a word."""
        if self.vanished.n < FEWEST_JUDGED:
            return "nothing"
        limits: tuple[tuple[float, Outcome], ...] = (
            (COLLAPSES, "collapses"),
            (MOSTLY, "mostly vanishes"),
            (WEAKENS, "weakens"),
        )
        return next((word for limit, word in limits if self.vanished.value >= limit), "persists")


@dataclass(frozen=True)
class Stability:
    """How the fold change of one gene fares along the ladder.

    Parameters
    ----------
    rows : pandas.DataFrame
        One per rung: ``label``, ``estimate``, ``low``, ``high`` (log2, 95 % interval), ``padj``,
        ``attenuation`` (share by which it is smaller than the crude one).
    same_sign : bool
        Whether all estimates have one sign.
    always_significant : bool
        Whether the adjusted p-value is below the threshold at every rung.
    """

    rows: pd.DataFrame
    same_sign: bool
    always_significant: bool


def passing(ladder: Ladder, rung: int, *, alpha: float = 0.05, min_lfc: float = 0.0) -> NDArray[np.bool_]:
    """Return which genes are significant at a rung."""
    table = pd.DataFrame(
        {"padj": ladder.genes[f"padj_{rung}"], "log2FoldChange": ladder.genes[f"lfc_{rung}"]}
    )
    return significant(table, alpha=alpha, min_lfc=min_lfc)


def rung_counts(ladder: Ladder, *, alpha: float = 0.05, min_lfc: float = 0.0) -> pd.DataFrame:
    """Count the significant genes of each rung.

    Returns
    -------
    pandas.DataFrame
        A row per rung: ``label``, ``added``, ``n_case``, ``n_control``, ``n_active``, ``n``, ``n_up``,
        ``n_down``, ``kept`` (of those significant before, in the same direction), ``lost``, ``new``.
    """
    rows = []
    for number, rung in enumerate(ladder.rungs):
        now = passing(ladder, number, alpha=alpha, min_lfc=min_lfc)
        up = ladder.genes[f"lfc_{number}"].to_numpy() > 0
        row = {"label": rung.label, "added": ", ".join(rung.added), "n_case": rung.n_case}
        row |= {"n_control": rung.n_control, "n_active": rung.n_active, "n": int(now.sum())}
        row |= {"n_up": int((now & up).sum()), "n_down": int((now & ~up).sum())}
        kept = _kept(ladder, number - 1, number, alpha=alpha, min_lfc=min_lfc) if number else now
        before = passing(ladder, number - 1, alpha=alpha, min_lfc=min_lfc) if number else now
        row |= {"kept": int(kept.sum()), "lost": int((before & ~kept).sum()), "new": int((now & ~kept).sum())}
        rows.append(row)
    return pd.DataFrame(rows)


def overlap(ladder: Ladder, *, alpha: float = 0.05, min_lfc: float = 0.0) -> pd.DataFrame:
    """Count the genes that are significant, in the same direction, at both rungs of each pair.

    Returns
    -------
    pandas.DataFrame of shape (n_rungs, n_rungs)
        Labels of the rungs as index and columns; the diagonal holds all significant genes of a rung.
    """
    labels, n = [rung.label for rung in ladder.rungs], len(ladder.rungs)
    counts = [
        [int(_kept(ladder, i, j, alpha=alpha, min_lfc=min_lfc).sum()) for j in range(n)] for i in range(n)
    ]
    return pd.DataFrame(counts, index=labels, columns=labels)


def step_change(
    ladder: Ladder, before: int, after: int, *, alpha: float = 0.05, min_lfc: float = 0.0
) -> StepChange:
    """Say what became of the significant genes of one rung at a later one."""
    was = passing(ladder, before, alpha=alpha, min_lfc=min_lfc)
    now = passing(ladder, after, alpha=alpha, min_lfc=min_lfc)
    kept = _kept(ladder, before, after, alpha=alpha, min_lfc=min_lfc)
    first, then = (ladder.genes[f"lfc_{i}"].to_numpy()[was] for i in (before, after))
    narrow, wide = (ladder.genes[f"se_{i}"].to_numpy()[was] for i in (before, after))
    both = np.isfinite(then)
    attenuation = 1 - then[both] / first[both]
    return StepChange(
        vanished=wilson(int(was.sum() - kept.sum()), int(was.sum())),
        n_new=int((now & ~was).sum()),
        attenuation=float(np.median(attenuation)) if both.any() else float("nan"),
        widening=float(np.median(wide[both] / narrow[both])) if both.any() else float("nan"),
    )


def gene_rungs(ladder: Ladder, gene: str, *, alpha: float = 0.05) -> Stability | None:
    """Return how a gene fares along the ladder; None if the ladder does not have it or never tested it."""
    found = ladder.genes.loc[ladder.genes["gene"] == gene]
    if found.empty or not np.isfinite(found.iloc[0]["lfc_0"]):
        return None
    row = found.iloc[0]
    rows = [_gene_row(row, number, rung.label, rung.freedom) for number, rung in enumerate(ladder.rungs)]
    table = pd.DataFrame(rows)
    tested = table["estimate"].dropna()
    return Stability(
        table,
        same_sign=bool((tested > 0).all() or (tested < 0).all()),
        always_significant=bool((table["padj"] < alpha).all()),
    )


def theme_stability(ladder: Ladder) -> pd.DataFrame:
    """Return how each theme as a whole fares along the ladder.

    Returns
    -------
    pandas.DataFrame
        ``theme``, ``rung``, ``label``, ``difference``, ``lower``, ``upper``, ``attenuation``, ``same_sign``.
    """
    rows = ladder.themes[ladder.themes["sub_theme"] == ""].reset_index(drop=True)
    if rows.empty:
        return rows.assign(label="", attenuation=np.nan, same_sign=False)
    labels = [rung.label for rung in ladder.rungs]
    crude = rows[rows["rung"] == 0].set_index("theme")["difference"]
    first = rows["theme"].map(crude)
    same = (rows["difference"] * first > 0).groupby(rows["theme"]).transform("all")
    return rows.assign(
        label=[labels[i] for i in rows["rung"]], attenuation=1 - rows["difference"] / first, same_sign=same
    )


def _kept(ladder: Ladder, before: int, after: int, *, alpha: float, min_lfc: float) -> NDArray[np.bool_]:
    """Return which genes are significant at both rungs with the same sign."""
    one, other = (passing(ladder, i, alpha=alpha, min_lfc=min_lfc) for i in (before, after))
    signs = [np.sign(ladder.genes[f"lfc_{i}"].to_numpy()) for i in (before, after)]
    kept: NDArray[np.bool_] = one & other & (signs[0] == signs[1])
    return kept


def _gene_row(row: pd.Series, number: int, label: str, freedom: float | None) -> dict[str, object]:
    estimate, error = float(row[f"lfc_{number}"]), float(row[f"se_{number}"])
    change = fold_change(estimate, error, freedom=freedom)
    low, high = (np.log2([change.low, change.high])) if change else (np.nan, np.nan)
    return {
        "label": label,
        "estimate": estimate,
        "low": float(low),
        "high": float(high),
        "padj": float(row[f"padj_{number}"]),
        "attenuation": 1 - estimate / float(row["lfc_0"]) if row["lfc_0"] else float("nan"),
    }
