"""What is looked at on the page of the cohort."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pages.ui.frame.view import Part

Components = Literal["1-2", "1-3", "2-3", "3-4"]


@dataclass(frozen=True)
class CohortView(Part):
    """The page of the cohort.

    Parameters
    ----------
    colour : str
        What samples are coloured by; "" for the groups.
    pcs : {"1-2", "1-3", "2-3", "3-4"}
        Which principal components are shown.
    quality : bool
        Whether the pictures of depth, sex and sample correlation are open.
    """

    colour: str = ""
    pcs: Components = "1-2"
    quality: bool = False
