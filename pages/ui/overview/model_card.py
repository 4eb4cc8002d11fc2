"""The card of the Overview: can we tell patients apart."""

from __future__ import annotations

from core.figures.models.parts import interval_text, number_text
from pages.ui.models import results as model_results
from pages.ui.models import sentences as model_sentences
from pages.ui.parts import style
from pages.ui.parts.format import number

TITLE = "Can we tell patients apart?"


def card(digest: str) -> style.Card:
    """Return the card: AUC beside the clinical baseline with what stands against it, or the next step."""
    found = model_results.find(digest)
    if found is None:
        return style.Card(
            TITLE,
            "not yet known",
            "no risk model has been evaluated",
            "The Models page evaluates them, on patients they have not seen.",
        )
    claim, run = found.result.run.claim, found.result.run
    rows = found.table[(found.table["model"] == found.primary) & found.table["auc"].notna()]
    if not claim.headline or rows.empty:
        return style.Card(TITLE, "no figure", "is given", f"<b>But</b> {model_sentences.why_withheld(found)}")
    row = rows.iloc[0]
    area, low, high = (number_text(float(row[f"auc{part}"])) for part in ("", "_lower", "_upper"))
    caption = (
        f"{model_sentences.auc_of(row)}, 95 % interval {low} to {high}, n = {number(run.n_case)} and "
        f"{number(run.n_control)}"
    )
    return style.Card(TITLE, area, caption, f"<b>But</b> {_but(found)}")


def _but(found: model_results.Found) -> str:
    against = model_sentences.difference_from(found, found.primary, "clinical")
    cross = "it recognises who is resistant, not who will be."
    if against is None:
        return f"no clinical model was there to beat, and {cross}"
    gain, low, high = (float(against[f"delta_auc{part}"]) for part in ("", "_lower", "_upper"))
    verdict = "above" if low > 0 else "below" if high < 0 else "not clearly above"
    return (
        f"that is {verdict} the clinical columns alone (difference {interval_text(gain, low, high)}), "
        f"and {cross}"
    )
