"""What is looked at on the page of gene sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from pages.ui.frame.view import Part, Side, limited

SetsListed = Literal["significant", "held", "flagged", "all"]
SetOrder = Literal["p", "strength", "shift", "size", "name"]
LISTING = ("theme", "sub_theme", "set_side", "sets_listed", "fold", "set_find", "set_order", "sets_only")
"""What decides which gene sets are listed, and in which order."""


@dataclass(frozen=True)
class PathwaysView(Part):
    """The page of gene sets.

    Parameters
    ----------
    theme, sub_theme : str
        Theme of gene sets in focus; "" for all.
    gene_set : str
        Gene set in focus: its collection, a slash, and its name.
    set_side : {"both", "higher", "lower"}
        Direction of the sets listed.
    sets_listed : {"significant", "held", "flagged", "all"}
        Which sets are listed: significant ones, those of them that the check confirms, those that
        it does not, or all that were tested.
    fold : bool
        Whether one set stands for those that overlap with it.
    set_find : str
        Text by which the table of sets is searched.
    set_order : str
        What the table of sets is sorted by.
    set_rows : int
        Which page of the table of sets, from 1.
    sets : tuple of str
        Gene sets put aside, as in `gene_set`.
    sets_only : bool
        Whether the table shows those alone.
    sets_picked : tuple of str
        Gene sets picked in a picture or the table.
    against : str
        First 12 characters of the key of the comparison that the sets are compared with.
    """

    restarts: ClassVar = {"set_rows": frozenset(LISTING)}

    theme: str = ""
    sub_theme: str = ""
    gene_set: str = ""
    set_side: Side = "both"
    sets_listed: SetsListed = "significant"
    fold: bool = True
    set_find: str = ""
    set_order: SetOrder = "p"
    set_rows: int = limited(1, 1, 1_000_000)
    sets: tuple[str, ...] = ()
    sets_only: bool = False
    sets_picked: tuple[str, ...] = ()
    against: str = ""
