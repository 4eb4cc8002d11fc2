"""What is looked at on the pages of all genes and of one gene."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from pages.ui.frame.view import Part, Side, limited

Plot = Literal["volcano", "ma"]
Order = Literal["p", "fold change", "expression", "symbol"]
Split = Literal["group", "sex", "centre"]


@dataclass(frozen=True)
class GenesView(Part):
    """The page of all genes.

    Parameters
    ----------
    side : {"both", "higher", "lower"}
        Direction shown, seen from the case group.
    find : str
        Text by which the table is searched.
    basket_only : bool
        Whether the table shows the basket alone.
    plot : {"volcano", "ma"}
        Which picture of all genes.
    order : str
        What the table is sorted by.
    rows : int
        Which page of the table, from 1.
    picked : tuple of str
        Genes picked together, several; one alone is the gene in focus.
    boxed : bool
        Whether they were picked in the picture: then the table lists them alone.
    """

    restarts: ClassVar = {"rows": frozenset({"padj", "lfc", "side", "find", "basket_only", "order"})}

    side: Side = "both"
    find: str = ""
    basket_only: bool = False
    plot: Plot = "volcano"
    order: Order = "p"
    rows: int = limited(1, 1, 1_000_000)
    picked: tuple[str, ...] = ()
    boxed: bool = False


@dataclass(frozen=True)
class OneGeneView(Part):
    """The page of one gene.

    Parameters
    ----------
    split : {"group", "sex", "centre"}
        How the patients are divided.
    log : bool
        Whether counts are shown on a logarithmic axis.
    """

    split: Split = "group"
    log: bool = True
