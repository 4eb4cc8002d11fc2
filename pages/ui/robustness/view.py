"""What is looked at on the page of robustness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pages.ui.frame.view import Part

Check = Literal["ladder", "tests", "null", "centres", "power", "replication", "settings"]
Pair = Literal["deseq2-limma", "deseq2-wilcoxon", "limma-wilcoxon"]


@dataclass(frozen=True)
class RobustnessView(Part):
    """The page of robustness.

    Parameters
    ----------
    check : {"ladder", "tests", "null", "centres", "power", "replication", "settings"}
        Which check is shown.
    tests_pair : {"deseq2-limma", "deseq2-wilcoxon", "limma-wilcoxon"}
        Which two tests are set against each other.
    ladder_gene : str
        Gene whose ladder is drawn; "" for the first that is offered.
    """

    check: Check = "ladder"
    tests_pair: Pair = "deseq2-limma"
    ladder_gene: str = ""
