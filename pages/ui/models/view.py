"""What is looked at on the page of risk models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pages.ui.frame.view import Part, limited

Gain = Literal["delta_auc", "delta_brier"]


@dataclass(frozen=True)
class ModelsView(Part):
    """The page of risk models.

    Parameters
    ----------
    model : str
        Risk model in focus; "" for the one that claims are made of.
    versus : str
        Baseline that the models are compared with.
    cutoff : float
        Risk from which a patient is called a case.
    prevalence : float
        Share of cases among the patients the model would meet; 0 for that of the study.
    patient_number : int
        Pseudonym of the patient whose prediction is explained; 0 for none. Never an identifier.
    gain : {"delta_auc", "delta_brier"}
        What the models are compared by.
    drivers_of : str
        Model whose predictors are listed; "" for the one in focus.
    withheld : bool
        Whether figures of gene models are drawn that carry no headline.
    lesson, outside : bool
        Whether the teaching switch is open, and whether it is on.
    """

    model: str = ""
    versus: str = "clinical"
    cutoff: float = limited(0.5, 0.01, 0.99)
    prevalence: float = limited(0.0, 0.0, 0.99)
    patient_number: int = limited(0, 0, 1_000_000)
    gain: Gain = "delta_auc"
    drivers_of: str = ""
    withheld: bool = False
    lesson: bool = False
    outside: bool = False
