"""A training part and the held-out part it is applied to, as blocks of predictors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from core.cohort.samples.cell_markers import cell_markers
from core.models.pipelines.cards import PATHWAY_COLLECTION, Block
from core.models.pipelines.encode import Columns, encode, scale
from core.models.pipelines.transform import Transform, fit_transform
from core.models.validation.samples import Samples
from core.pathways.sets.collections import load_collection
from core.pathways.sets.match import membership_matrix

N_VARIABLE = 5_000
"""Of the expressed genes, so many that vary most in the training part go on to the choice."""
FEWEST_IN_SET = 5

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Vocabulary:
    """What the columns of a study mean, the same in all its parts.

    Parameters
    ----------
    genes : tuple of str
        Names of the rows of the counts.
    sets : mapping of block to (names, membership)
        Gene sets of the "cells" and "pathways" blocks; membership of shape (n_sets, n_genes).
    columns : mapping of block to tuple of str
        Metadata columns of the "centre", "demography" and "clinical" blocks.
    """

    genes: tuple[str, ...]
    sets: dict[str, tuple[tuple[str, ...], csr_array]]
    columns: dict[str, tuple[str, ...]]


def make_vocabulary(genes: pd.DataFrame, columns: dict[str, tuple[str, ...]]) -> Vocabulary:
    """Return the vocabulary of a gene table, with the shipped marker and pathway sets."""
    rows = genes.groupby("symbol").indices
    rows.pop("", None)
    collections: dict[str, Mapping[str, Iterable[str]]] = {
        "cells": dict(sorted(cell_markers().items())),
        "pathways": load_collection(PATHWAY_COLLECTION).sets,
    }
    sets = {}
    for block, members in collections.items():
        held = {
            name: np.sort(np.concatenate([rows[s] for s in symbols if s in rows]))
            for name, symbols in members.items()
            if sum(s in rows for s in symbols) >= FEWEST_IN_SET
        }
        if held:
            sets[block] = (tuple(held), membership_matrix(list(held.values()), len(genes)))
    return Vocabulary(tuple(genes["gene"]), sets, columns)


class _Expression(NamedTuple):
    transform: Transform
    genes: Columns
    scores: dict[str, Columns]


class Part:
    """One training part with its held-out part; what is costly is made once, when first asked for.

    Parameters
    ----------
    train, test : Samples
        The two parts; their counts have the same genes.
    vocabulary : Vocabulary
        What the columns mean.
    """

    def __init__(self, train: Samples, test: Samples, vocabulary: Vocabulary):
        self.train, self.test = train, test
        self._vocabulary = vocabulary

    def block(self, name: Block) -> Columns:
        """Return a block of predictors."""
        if name == "genes":
            return self._expression.genes
        if name in ("cells", "pathways"):
            return self._expression.scores[name]
        columns = self._vocabulary.columns.get(name, ())
        return encode(self.train.metadata, self.test.metadata, columns)

    @property
    def transform(self) -> Transform:
        """How counts become expression here."""
        return self._expression.transform

    @cached_property
    def _expression(self) -> _Expression:
        transform, train = fit_transform(self.train.counts)
        test = transform.standardise(self.test.counts)
        # In the order of the genes, so that equal variances change nothing.
        variable = np.sort(np.argsort(-transform.sd, kind="stable")[:N_VARIABLE])
        variable = variable[transform.sd[variable] > 1e-8]
        names = tuple(self._vocabulary.genes[row] for row in transform.expressed[variable])
        genes = Columns(
            np.ascontiguousarray(train[:, variable]),
            np.ascontiguousarray(test[:, variable]),
            names,
            transform.mean[variable],
            transform.sd[variable],
        )
        scores = {
            block: _score(train, test, names, membership[:, transform.expressed])
            for block, (names, membership) in self._vocabulary.sets.items()
        }
        return _Expression(transform, genes, scores)


def _score(train: Floats, test: Floats, names: tuple[str, ...], membership: csr_array) -> Columns:
    """Return mean standardised expression of each set minus that of all genes, scaled."""
    sizes = np.asarray(membership.sum(axis=1), dtype=np.float64)
    kept = np.flatnonzero(sizes >= FEWEST_IN_SET)
    weights = csr_array(membership[kept] / sizes[kept, None]).astype(np.float32)
    scores = [
        (weights @ part.T).T.astype(np.float64) - part.mean(axis=1, dtype=np.float64)[:, None]
        for part in (train, test)
    ]
    return scale(scores[0], scores[1], tuple(names[row] for row in kept))
