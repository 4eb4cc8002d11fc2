"""What the validation of risk models is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from core.de.spec import EXCLUDE_HELP
from core.spec import Spec, option

Pipeline = Literal[
    "dummy",
    "centre",
    "cells",
    "age_sex",
    "clinical",
    "genes",
    "genes_forest",
    "pathways",
    "clinical_genes",
]
SUGGEST = "suggest"
"""Default of the command line's --centre: the column whose name says so."""


@dataclass(frozen=True)
class ModelSpec(Spec):
    """Risk models of one group against another, and how they are validated.

    It shares a link with a comparison and its pathways: `factor`, `case`, `control` and `exclude` are
    those of `DESpec`, every other field has a name of its own.
    """

    factor: str = option(label="Groups", help="Metadata column with the groups.", hidden=True, metavar="COL")
    case: str = option(label="Case", help="Whose risk is predicted.", hidden=True, metavar="LEVEL")
    control: str = option(label="Control", help="The others.", hidden=True, metavar="LEVEL")
    clinical: tuple[str, ...] = option(
        (),
        label="Clinical columns",
        help="Columns the clinical models may use. None chosen: all that are judged known before the second "
        "failed treatment.",
        words="clinical columns {}",
        metavar="COL,COL",
    )
    centre: str = option(
        "",
        label="Centres are in column",
        help="Column of the recruiting centre; each is also predicted by models that never saw it. Empty: "
        "none; left out: by its name.",
        flag_default=SUGGEST,
        metavar="COL",
    )
    include_unsafe: tuple[str, ...] = option(
        (),
        label="Take in on purpose, though not known in time",
        help="Columns that partly define the outcome or come after it make a model look better than it is. "
        "With any of them no claim is made.",
        words="with {} on purpose",
        metavar="COL,COL",
    )
    models: tuple[str, ...] = option(
        get_args(Pipeline),
        label="Models",
        help="From no information to everything: a model must beat those before it.",
        words="models {}",
        metavar="NAME,NAME",
    )
    folds: int = option(
        5,
        label="Folds",
        help="Parts into which the patients are divided; each is predicted by the others.",
        limits=(2, 20),
    )
    repeats: int = option(
        5,
        label="Repeats",
        help="How often that is done, with other parts each time.",
        limits=(1, 100),
    )
    inner_folds: int = option(
        5,
        label="Inner folds",
        help="Parts inside each training part, by which settings are chosen.",
        words="{} inner folds",
        limits=(2, 20),
    )
    label_permutations: int = option(
        200,
        label="Label permutations",
        help="How often the groups change hands, within strata, for the gene model.",
        words="{} label permutations",
        limits=(0, 10_000),
    )
    n_selected: int = option(
        500,
        label="Genes chosen",
        help="Genes that each training part may choose.",
        words="{} genes chosen",
        limits=(1, 100_000),
    )
    model_seed: int = option(
        1,
        label="Seed",
        help="Of folds, permutations and forests; the same seed gives the same numbers.",
        words="seed {}",
        limits=(0, 2**32 - 1),
    )
    external: str = option(
        "",
        label="Test on another data set",
        help="Models learn here and are tested there, on another data set of this computer (its hash).",
        words="tested on data set {:.12}",
        metavar="HASH",
    )
    exclude: tuple[str, ...] = option(
        (), label="Samples left out", help=EXCLUDE_HELP, hidden=True, metavar="SAMPLE:WHY,..."
    )

    @property
    def contrast(self) -> str:
        """The comparison in words, for example ``"TRD vs non-TRD"``."""
        return f"{self.case} vs {self.control}"
