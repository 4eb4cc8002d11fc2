"""PyDESeq2's inference for all genes at once: blocks of genes, in threads, reported and stoppable.

PyDESeq2 names its `Inference` class as the place for another engine. This one maximises the same
functions as PyDESeq2's own for a block of genes at a time, with DESeq2's rules or PyDESeq2's.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydeseq2.default_inference import DefaultInference

from core.de.engine.algebra import Columns
from core.de.engine.coefficients import Model, Rescue, climb, fit_coefficients
from core.de.engine.dispersions import Posterior, maximise_posterior
from core.de.engine.line_search import search_dispersions
from core.de.engine.rules import DESEQ2, FEW_FREEDOM, Rules, prefer_bound, prefer_moments
from core.de.engine.shrinkage import Shrinkage, find_modes
from core.de.engine.wald import standard_errors, wald_statistics

# Counts in a block. Smaller ones stay in a core's own cache, but then threads meet too often at Python's
# lock: on two cores these take three quarters of the time of a quarter of their size.
BLOCK = 262_144

Array = NDArray[Any]
Watch = Callable[[Any, int], None]
Work = Callable[[slice], None]


def _unwatched(kernel: str, n_genes: int) -> None:
    pass


class BatchInference(DefaultInference):  # type: ignore[misc]  # PyDESeq2 ships no types
    """Inference of PyDESeq2 for a block of genes at a time.

    Blocks have the same genes for any number of threads, and so have the numbers.

    Parameters
    ----------
    n_cpus : int
        Threads.
    watch : callable, optional
        Called with kernel and number of genes after each block; may raise to stop the fit.
    block : int
        Counts in a block.
    rescue : callable, optional
        Fits genes for which weighted least squares do not converge: `climb` to the maximum,
        or `search_as_r`.
    rules : Rules
        Of dispersions and standard errors: `DESEQ2`, or `PYDESEQ2` for its own engine's numbers.
    """

    def __init__(
        self,
        *,
        n_cpus: int = 1,
        watch: Watch = _unwatched,
        block: int = BLOCK,
        rescue: Rescue = climb,
        rules: Rules = DESEQ2,
    ):
        super().__init__(n_cpus=n_cpus)
        self._watch, self._block, self._rescue, self._rules = watch, block, rescue, rules

    def lin_reg_mu(self, counts: Array, size_factors: Array, design_matrix: Array, min_mu: float) -> Array:
        """Estimate means by linear regression; see `pydeseq2.inference.Inference.lin_reg_mu`."""
        columns, means = Columns(design_matrix), np.empty(counts.shape)
        project = np.linalg.pinv(columns.design).T

        def work(genes: slice) -> None:
            normalised = _by_gene(counts, genes) / size_factors
            fitted = columns.predict(normalised @ project) * size_factors
            means[:, genes] = np.maximum(fitted, min_mu).T

        self._run("means", counts.shape, work)
        return means

    def fit_rough_dispersions(self, normed_counts: Array, design_matrix: Array) -> Array:
        """Estimate dispersions to start from; see `pydeseq2.utils.fit_rough_dispersions`."""
        columns, (n_samples, n_genes) = Columns(design_matrix), normed_counts.shape
        freedom, rough = n_samples - columns.n_coefficients, np.empty(n_genes)
        if freedom == 0:
            super().fit_rough_dispersions(normed_counts, design_matrix)  # which refuses
        project = np.linalg.pinv(columns.design).T

        def work(genes: slice) -> None:
            normalised = _by_gene(normed_counts, genes)
            fitted = np.maximum(columns.predict(normalised @ project), 1)
            excess = ((normalised - fitted) ** 2 - fitted) / fitted**2
            rough[genes] = np.maximum(excess.sum(axis=1) / freedom, 0)

        self._run("rough dispersions", normed_counts.shape, work)
        return rough

    def irls(
        self,
        counts: Array,
        size_factors: Array,
        design_matrix: Array,
        disp: Array,
        min_mu: float,
        beta_tol: float,
        min_beta: float = -30,
        max_beta: float = 30,
        **options: Any,
    ) -> tuple[Array, ...]:
        """Fit fold changes and means; see `pydeseq2.inference.Inference.irls`."""
        columns, (n_samples, n_genes) = Columns(design_matrix), counts.shape
        values, converged = np.empty((n_genes, columns.n_coefficients)), np.empty(n_genes, dtype=bool)
        means, leverages = np.empty((n_samples, n_genes)), np.empty((n_samples, n_genes))

        def work(genes: slice) -> None:
            model = Model(_by_gene(counts, genes), size_factors, columns, disp[genes], min_mu)
            found = fit_coefficients(model, tolerance=beta_tol, bound=max_beta, rescue=self._rescue)
            values[genes], converged[genes] = found.values, found.converged
            fitted = model.means(found.values)
            means[:, genes] = fitted.T
            leverages[:, genes] = model.leverages(np.maximum(fitted, min_mu)).T

        self._run("fold changes", counts.shape, work)
        return values, means, leverages, converged

    def alpha_mle(
        self,
        counts: Array,
        design_matrix: Array,
        mu: Array,
        alpha_hat: Array,
        min_disp: float,
        max_disp: float,
        prior_disp_var: float | None = None,
        cr_reg: bool = True,  # noqa: FBT001, FBT002  # PyDESeq2's signature
        prior_reg: bool = False,  # noqa: FBT001, FBT002
        **options: Any,
    ) -> tuple[Array, ...]:
        """Fit dispersions; see `pydeseq2.inference.Inference.alpha_mle`."""
        columns = Columns(design_matrix)
        found, converged = np.empty(counts.shape[1]), np.empty(counts.shape[1], dtype=bool)
        precision = 1 / prior_disp_var if prior_reg and prior_disp_var else 0.0
        bounds = float(np.log(min_disp)), float(np.log(max_disp))
        keep = self._rules.endings and not prior_reg
        flat = keep and counts.shape[0] - columns.n_coefficients <= FEW_FREEDOM

        def work(genes: slice) -> None:
            data = _by_gene(counts, genes), np.maximum(_by_gene(mu, genes), self._rules.min_mu)
            start = np.log(alpha_hat[genes])
            posterior = Posterior(*data, columns, start, precision, float(cr_reg))
            if flat:
                log_found, converged[genes] = search_dispersions(posterior, start, bounds), True
            else:
                log_found, converged[genes] = maximise_posterior(posterior, start, bounds)
            found[genes] = np.clip(np.exp(log_found), min_disp, max_disp)
            if keep:
                chosen = found[genes] if flat else prefer_bound(found[genes], (*data, columns), min_disp)
                found[genes] = prefer_moments(chosen, (*data, columns), alpha_hat[genes])

        self._run("dispersions", counts.shape, work)
        return found, converged

    def wald_test(
        self,
        design_matrix: Array,
        disp: Array,
        lfc: Array,
        mu: Array,
        ridge_factor: Array,
        contrast: Array,
        lfc_null: float,
        alt_hypothesis: str | None = None,
    ) -> tuple[Array, ...]:
        """Test a contrast; see `pydeseq2.inference.Inference.wald_test`."""
        columns, errors = Columns(design_matrix), np.empty(len(disp))

        def work(genes: slice) -> None:
            means = np.maximum(_by_gene(mu, genes), self._rules.min_mu_errors)
            errors[genes] = standard_errors(columns, means, disp[genes], ridge_factor, contrast)

        self._run("test", mu.shape, work)
        return *wald_statistics(lfc, errors, contrast, float(lfc_null), alt_hypothesis), errors

    def lfc_shrink_nbinom_glm(
        self,
        design_matrix: Array,
        counts: Array,
        size: Array,
        offset: Array,
        prior_no_shrink_scale: float,
        prior_scale: float,
        optimizer: str,
        shrink_index: int,
    ) -> tuple[Array, ...]:
        """Shrink one coefficient; see `pydeseq2.inference.Inference.lfc_shrink_nbinom_glm`.

        The modes are those of PyDESeq2's own posterior, found to the end. Its search stops once a
        step gains less than a hundred-millionth of the objective, which grows with the counts:
        that leaves single fold changes hundredths of a log2 unit short, and the posterior lower; where
        it stops depends on the order of the covariates, which these modes do not.
        ``python -m tests.bench_agreement shrinkage`` says for how many genes.
        """
        columns, n_genes = Columns(design_matrix), counts.shape[1]
        k = columns.n_coefficients
        modes, covariances = np.empty((n_genes, k)), np.empty((n_genes, k, k))
        converged = np.empty(n_genes, dtype=bool)

        def work(genes: slice) -> None:
            posterior = Shrinkage(
                _by_gene(counts, genes),
                columns,
                size[genes],
                offset,
                shrink_index,
                prior_scale,
                prior_no_shrink_scale,
            )
            modes[genes], covariances[genes], converged[genes] = find_modes(posterior)

        self._run("shrinkage", counts.shape, work)
        return modes, covariances, converged

    def _run(self, kernel: str, shape: tuple[int, ...], work: Work) -> None:
        """Do the work block by block, in threads, and tell the watcher of each block in turn."""
        n_samples, n_genes = shape
        if n_genes == 0:
            return
        step = max(self._block // n_samples, 1)
        blocks = [slice(start, min(start + step, n_genes)) for start in range(0, n_genes, step)]
        with ThreadPoolExecutor(self.n_cpus, thread_name_prefix="engine") as threads:
            futures = [threads.submit(work, genes) for genes in blocks]
            try:
                for genes, future in zip(blocks, futures, strict=True):
                    future.result()
                    self._watch(kernel, genes.stop - genes.start)
            finally:
                threads.shutdown(wait=True, cancel_futures=True)


def _by_gene(by_sample: Array, genes: slice) -> NDArray[np.float64]:
    """Return a block of genes × samples of a matrix of samples × genes, contiguous."""
    return np.ascontiguousarray(by_sample[:, genes].T, dtype=np.float64)
