"""What centres and sexes say, in plain sentences."""

from __future__ import annotations

import pandas as pd

from core.robustness.subgroups.run import Subgroups
from core.words import percent


def centres_sentence(found: Subgroups) -> str:
    """Say whether each centre alone points the way the others do."""
    rows = found.centres
    if rows.empty:
        return "No column holds the centre, so no centre can be left out."
    done = rows[(rows["reason"] == "") & (rows["n_without"] > 0)]
    if done.empty:
        return "In no centre could the direction of significant genes be checked."
    shares = [found.same_direction(row) for _, row in done.iterrows()]
    worst = min(range(len(shares)), key=lambda i: shares[i].value)
    share, row = shares[worst], done.iloc[worst]
    sentence = (
        f"Of the genes that are significant when {row['centre']} is left out, {percent(share.value)} "
        f"({share.k:,} of {share.n:,}) have the same direction in {row['centre']} alone, the least of "
        f"{len(done)} centres; chance alone would give half."
    )
    odd = done["centre"][[s.value < low for s, low in zip(shares, done["expected_low"], strict=True)]]
    if done["expected_low"].isna().all():
        return f"{sentence} What parts of that size usually give could not be estimated."
    if len(odd):
        return f"{sentence} Less than random parts of their size usually agree in: {', '.join(odd)}."
    return (
        f"{sentence} Random parts of its size from all centres agree in {percent(row['expected_low'])} to "
        f"{percent(row['expected_high'])}, and every centre lies in or above its range: no single one stands "
        "against the others."
    )


def sex_sentence(found: Subgroups) -> str:
    """Say whether the difference depends on sex, by the interaction alone."""
    if found.sex_reason:
        return f"Whether the difference depends on sex cannot be tested: {found.sex_reason}."
    table = found.sexes
    n, tested = int((table["padj"] < found.spec.alpha).sum()), int(table["pvalue"].notna().sum())
    sizes = ", ".join(f"{name} {a} and {b}" for name, (a, b) in found.sex_counts.items())
    if n == 0:
        return (
            f"For none of {tested:,} genes can it be shown that the difference depends on sex (interaction, "
            f"adjusted p below {found.spec.alpha:g}; {sizes} samples). An interaction needs about four times "
            "the samples of a difference, so small ones stay unseen."
        )
    top = ", ".join(_name(row) for _, row in table.nsmallest(3, "pvalue").iterrows())
    return (
        f"For {n:,} of {tested:,} genes the difference depends on sex (interaction, adjusted p below "
        f"{found.spec.alpha:g}; {sizes} samples), most clearly {top}."
    )


def _name(row: pd.Series) -> str:
    return str(row["symbol"] or row["gene"])
