"""PyDESeq2's inference in blocks of genes, so that it can report and be stopped in between.

PyDESeq2 names its `Inference` class as the place for another engine. This one computes
exactly what `DESeq2Inference` does: genes are independent of each other in every kernel.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from joblib.externals.loky.process_executor import TerminatedWorkerError
from numpy.typing import NDArray

from core.de.rules import DESeq2Inference
from core.de.timing import Kernel
from core.errors import JobError

BLOCK = 1024  # genes: about half a second of work, so that a cancelled job stops at once

Array = NDArray[Any]
Watch = Callable[[Kernel, int], None]


def _unwatched(kernel: Kernel, n_genes: int) -> None:
    pass


class BlockwiseInference(DESeq2Inference):
    """`DESeq2Inference`, a block of genes at a time.

    Parameters
    ----------
    n_cpus : int
        Worker processes; 1 computes in this process.
    watch : callable, optional
        Called with kernel and number of genes after each block; may raise to stop the fit.
    block : int
        Genes in a block.
    """

    def __init__(self, *, n_cpus: int = 1, watch: Watch = _unwatched, block: int = BLOCK):
        super().__init__(n_cpus=n_cpus)
        self._watch, self._block = watch, block

    def lin_reg_mu(self, counts: Array, size_factors: Array, design_matrix: Array, min_mu: float) -> Array:
        """Estimate means by linear regression; see `pydeseq2.inference.Inference.lin_reg_mu`."""

        def run(genes: slice) -> tuple[Array]:
            return (
                super(BlockwiseInference, self).lin_reg_mu(
                    counts[:, genes], size_factors, design_matrix, min_mu
                ),
            )

        return self._blocks("means", counts.shape[1], run, axes=(1,))[0]

    def irls(
        self,
        counts: Array,
        size_factors: Array,
        design_matrix: Array,
        disp: Array,
        min_mu: float,
        beta_tol: float,
        **options: Any,
    ) -> tuple[Array, ...]:
        """Fit fold changes and means; see `pydeseq2.inference.Inference.irls`."""

        def run(genes: slice) -> tuple[Array, ...]:
            fitted: tuple[Array, ...] = super(BlockwiseInference, self).irls(
                counts[:, genes], size_factors, design_matrix, disp[genes], min_mu, beta_tol, **options
            )
            return fitted

        return self._blocks("fold changes", counts.shape[1], run, axes=(0, 1, 1, 0))

    def alpha_mle(
        self,
        counts: Array,
        design_matrix: Array,
        mu: Array,
        alpha_hat: Array,
        min_disp: float,
        max_disp: float,
        **options: Any,
    ) -> tuple[Array, ...]:
        """Fit dispersions; see `pydeseq2.inference.Inference.alpha_mle`."""

        def run(genes: slice) -> tuple[Array, ...]:
            fitted: tuple[Array, ...] = super(BlockwiseInference, self).alpha_mle(
                counts[:, genes], design_matrix, mu[:, genes], alpha_hat[genes], min_disp, max_disp, **options
            )
            return fitted

        return self._blocks("dispersions", counts.shape[1], run, axes=(0, 0))

    def wald_test(
        self, design_matrix: Array, disp: Array, lfc: Array, mu: Array, ridge_factor: Array, **options: Any
    ) -> tuple[Array, ...]:
        """Test a contrast; see `pydeseq2.inference.Inference.wald_test`."""

        def run(genes: slice) -> tuple[Array, ...]:
            tested: tuple[Array, ...] = super(BlockwiseInference, self).wald_test(
                design_matrix, disp[genes], lfc[genes], mu[:, genes], ridge_factor, **options
            )
            return tested

        return self._blocks("test", mu.shape[1], run, axes=(0, 0, 0))

    def lfc_shrink_nbinom_glm(
        self, design_matrix: Array, counts: Array, size: Array, offset: Array, **options: Any
    ) -> tuple[Array, ...]:
        """Shrink one coefficient; see `pydeseq2.inference.Inference.lfc_shrink_nbinom_glm`."""

        def run(genes: slice) -> tuple[Array, ...]:
            shrunk: tuple[Array, ...] = super(BlockwiseInference, self).lfc_shrink_nbinom_glm(
                design_matrix, counts[:, genes], size[genes], offset, **options
            )
            return shrunk

        return self._blocks("shrinkage", counts.shape[1], run, axes=(0, 0, 0))

    def _blocks(
        self,
        kernel: Kernel,
        n_genes: int,
        run: Callable[[slice], tuple[Array, ...]],
        *,
        axes: tuple[int, ...],
    ) -> tuple[Array, ...]:
        """Run a kernel block by block and join what it returns along the axis of the genes."""
        parts = []
        for start in range(0, max(n_genes, 1), self._block):
            genes = slice(start, min(start + self._block, n_genes))
            try:
                parts.append(run(genes))
            except TerminatedWorkerError as error:
                message = (
                    "A worker process was ended, most often because memory ran out. Start the analysis again."
                )
                raise JobError(message) from error
            self._watch(kernel, genes.stop - genes.start)
        columns = zip(*parts, strict=True)
        return tuple(np.concatenate(column, axis=axis) for column, axis in zip(columns, axes, strict=True))
