"""What a viewer has chosen to look at; together with the analysis it makes the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Self

from core.errors import InputError
from core.spec import Spec, bad_link

Side = Literal["both", "higher", "lower"]
Plot = Literal["volcano", "ma"]
Order = Literal["p", "fold change", "expression", "symbol"]
Split = Literal["group", "sex", "centre"]
SetsListed = Literal["significant", "held", "flagged", "all"]
SetOrder = Literal["p", "strength", "shift", "size", "name"]
Components = Literal["1-2", "1-3", "2-3", "3-4"]
Check = Literal["ladder", "tests", "null", "centres", "power", "replication", "settings"]
ROWS_PER_PAGE = 100
# What the widgets allow; a link may hold anything.
LIMITS = {
    "padj": (0.0, 1.0),
    "lfc": (0.0, 10.0),
    "rows": (1, 1_000_000),
    "set_rows": (1, 1_000_000),
    "cutoff": (0.01, 0.99),
    "prevalence": (0.0, 0.99),
    "patient_number": (0, 1_000_000),
}


@dataclass(frozen=True)
class View(Spec):
    """Choices that change what is shown and never a number of the analysis.

    Parameters
    ----------
    data : str
        First 12 characters of the data set's content hash.
    gene : str
        Identifier of the gene in focus.
    padj : float
        Adjusted p-value up to which a gene counts as significant.
    lfc : float
        Smallest absolute log2 fold change that counts.
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
    split : {"group", "sex", "centre"}
        How the Gene page divides the patients.
    log : bool
        Whether counts are shown on a logarithmic axis.
    basket : tuple of str
        Identifiers of the genes set aside, in the order they came.
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
    against : str
        First 12 characters of the key of the comparison that the sets are compared with.
    colour : str
        What the Cohort page colours samples by; "" for the groups.
    pcs : {"1-2", "1-3", "2-3", "3-4"}
        Which principal components it shows.
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
    check : {"ladder", "tests", "null", "centres", "power", "replication", "settings"}
        Which check the Robustness page shows.
    """

    data: str = ""
    gene: str = ""
    padj: float = 0.05
    lfc: float = 0.0
    side: Side = "both"
    find: str = ""
    basket_only: bool = False
    plot: Plot = "volcano"
    order: Order = "p"
    rows: int = 1
    split: Split = "group"
    log: bool = True
    basket: tuple[str, ...] = ()
    theme: str = ""
    sub_theme: str = ""
    gene_set: str = ""
    set_side: Side = "both"
    sets_listed: SetsListed = "significant"
    fold: bool = True
    set_find: str = ""
    set_order: SetOrder = "p"
    set_rows: int = 1
    sets: tuple[str, ...] = ()
    sets_only: bool = False
    against: str = ""
    colour: str = ""
    pcs: Components = "1-2"
    model: str = ""
    versus: str = "clinical"
    cutoff: float = 0.5
    prevalence: float = 0.0
    patient_number: int = 0
    check: Check = "ladder"

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """Rebuild a view from URL parameters; a number that no widget would take is a fault too."""
        found = super().from_query(query)
        faults = [
            bad_link(name, f"{value} is not between {low:,.10g} and {high:,.10g}")
            for name, (low, high) in LIMITS.items()
            if not low <= (value := getattr(found, name)) <= high
        ]
        if faults:
            raise InputError(faults)
        return found
