"""Which models are compared, in the order of the ladder: what each knows, and what it is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from core.models.spec import ModelSpec, Pipeline

Block = Literal["centre", "cells", "demography", "clinical", "genes", "pathways"]
PATHWAY_COLLECTION = "hallmark"


@dataclass(frozen=True)
class PipelineCard:
    """A model, as people meet it.

    Parameters
    ----------
    name : str
        As in specifications and exported tables.
    title : str
        A few words for legends.
    description : str
        What it is made of, in a sentence.
    blocks : tuple of str
        What it is given to learn from.
    """

    name: Pipeline
    title: str
    description: str
    blocks: tuple[Block, ...]

    @property
    def baseline(self) -> bool:
        """Whether it sees no genes, and only shows what a gene model must beat."""
        return not {"genes", "pathways"} & set(self.blocks)


_RIDGE = "logistic regression with an L2 penalty chosen inside the training part"
CARDS = (
    PipelineCard(
        "dummy",
        "No information",
        "Gives everybody the share of cases in the training part.",
        blocks=(),
    ),
    PipelineCard("centre", "Centre only", f"Recruiting centre; {_RIDGE}.", blocks=("centre",)),
    PipelineCard(
        "cells",
        "Blood cells only",
        f"Marker-gene scores of blood cell types (scores, not percentages); {_RIDGE}.",
        blocks=("cells",),
    ),
    PipelineCard("age_sex", "Age and sex", f"Age and sex; {_RIDGE}.", blocks=("demography",)),
    PipelineCard(
        "clinical",
        "Clinical",
        f"Clinical columns judged known before the second failed treatment; {_RIDGE}.",
        blocks=("clinical",),
    ),
    PipelineCard(
        "genes",
        "Genes",
        f"The most variable genes, of which those that differ most between the groups; both, and a {_RIDGE}.",
        blocks=("genes",),
    ),
    PipelineCard(
        "genes_forest",
        "Genes, non-linear",
        "A random forest on genes chosen in the same way; its settings are fixed beforehand.",
        blocks=("genes",),
    ),
    PipelineCard(
        "pathways",
        "Pathway scores",
        "Mean standardised expression of each Hallmark gene set, means and standard deviations from the "
        f"training part; {_RIDGE}.",
        blocks=("pathways",),
    ),
    PipelineCard(
        "clinical_genes",
        "Clinical + genes",
        "The clinical columns and the gene model's score, which for training patients is "
        f"predicted out of their fold (stacking); {_RIDGE}.",
        blocks=("clinical", "genes"),
    ),
)
BY_NAME: dict[str, PipelineCard] = {card.name: card for card in CARDS}
PRIMARY: tuple[Pipeline, ...] = ("genes", "clinical_genes", "pathways", "genes_forest")
"""The model that claims are made of is the first of these that was run: settled before any result."""


def primary(spec: ModelSpec) -> str:
    """Return the model that claims are made of; "" if none of the candidates was asked for."""
    return next((name for name in PRIMARY if name in spec.models), "")


def names() -> tuple[str, ...]:
    """Return the names of all pipelines."""
    return tuple(get_args(Pipeline))
