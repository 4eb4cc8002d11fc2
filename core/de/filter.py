"""Which genes are active: the expression filter before the test."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.de.spec import DESpec


@dataclass(frozen=True)
class ExpressionFilter:
    """A gene is active if it reaches `min_count` counts in at least `min_samples` samples.

    With `min_samples` 0 the filter is off and every gene goes to the test. `among` says of which samples.
    """

    min_count: int
    min_samples: int
    among: str = "compared"

    @property
    def is_on(self) -> bool:
        """Whether the filter can leave a gene out."""
        return self.min_samples > 0 and self.min_count > 0

    @property
    def definition(self) -> str:
        """What "active" means, as the end of a sentence."""
        if not self.is_on:
            return f"at least one count in one of the samples {self.among} (expression filter off)"
        return (
            f"at least {_plural(self.min_count, 'count')} in at least "
            f"{_plural(self.min_samples, 'sample')} of those {self.among}"
        )


def resolve_filter(spec: DESpec, *, sizes: Iterable[int]) -> ExpressionFilter:
    """Return the filter of a specification; by default `min_samples` is the smallest of the groups' sizes."""
    smallest = int(min(sizes))
    min_samples = smallest if spec.min_samples is None else spec.min_samples
    return ExpressionFilter(spec.min_count, min_samples, "fitted" if spec.all_groups else "compared")


def passes(counts: NDArray[np.integer], expression: ExpressionFilter) -> NDArray[np.bool_]:
    """Return which genes go to the test.

    Parameters
    ----------
    counts : numpy.ndarray of shape (n_genes, n_used)
        Raw counts of the samples compared.
    expression : ExpressionFilter
        The filter.
    """
    if not expression.is_on:
        return np.ones(len(counts), dtype=bool)
    kept: NDArray[np.bool_] = (counts >= expression.min_count).sum(axis=1) >= expression.min_samples
    return kept


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
