"""Trend and prior of the dispersions by DESeq2's rules, where PyDESeq2 departs from them.

PyDESeq2 0.5.4 lets genes without measurable dispersion pull the trend down, and estimates the
prior's width by a formula that does not hold with three or fewer residual degrees of freedom.
Both matter most in small studies. The exported script carries these functions as they stand here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.interpolate import CubicHermiteSpline
from scipy.stats import chi2, norm

from core.de.engine.rules import FEW_FREEDOM

Vector = NDArray[np.float64]

MEASURABLE = 100.0  # times the smallest dispersion allowed: genes below tell nothing about the trend


def fit_trend(dds: Any) -> None:
    """Fit the trend of dispersion over mean count, as `DeseqDataSet.fit_dispersion_trend` does.

    Only genes with measurable dispersion take part. Where no curve can be fitted, PyDESeq2's
    step is left to warn and to use one mean dispersion.

    Parameters
    ----------
    dds : pydeseq2.dds.DeseqDataSet
        With gene-wise dispersions.
    """
    genewise = dds.var["genewise_dispersions"].to_numpy()
    used = genewise > MEASURABLE * dds.min_disp
    means = dds.var["_normed_means"].to_numpy()
    trend = trend_coefficients(means[used], genewise[used])
    if trend is None:
        dds.fit_dispersion_trend()
        return
    dds.uns["trend_coeffs"] = pd.Series(trend, index=["a0", "a1"])
    dds.uns["disp_function_type"] = "parametric"
    fitted = np.full(len(means), np.nan)
    counted = dds.var["non_zero"].to_numpy()
    fitted[counted] = trend[0] + trend[1] / means[counted]
    dds.var["fitted_dispersions"] = fitted


def fit_prior(dds: Any) -> None:
    """Estimate how far dispersions scatter about their trend.

    As `DeseqDataSet.fit_dispersion_prior`, but with three or fewer residual degrees of freedom
    the variance comes from `matched_variance`.

    Parameters
    ----------
    dds : pydeseq2.dds.DeseqDataSet
        With a trend.
    """
    dds.fit_dispersion_prior()
    freedom = dds.n_obs - dds.obsm["design_matrix"].shape[1]
    if freedom > FEW_FREEDOM:
        return
    genewise = dds.var["genewise_dispersions"].to_numpy()
    used = genewise >= MEASURABLE * dds.min_disp
    residuals = np.log(genewise[used] / dds.var["fitted_dispersions"].to_numpy()[used])
    dds.uns["prior_disp_var"] = np.float64(max(matched_variance(residuals, freedom), 0.25))


def trend_coefficients(means: Vector, dispersions: Vector) -> Vector | None:
    """Fit dispersion = a0 + a1 / mean by a gamma regression that leaves far-off genes out.

    Genes whose dispersion is 15 times the curve and more, or a ten-thousandth and less, are
    left out in turn until the curve stays where it is.

    Returns
    -------
    numpy.ndarray of length 2, or None
        a0 and a1; None if they do not settle at positive values.

    Notes
    -----
    Love, Huber, Anders 2014, doi 10.1186/s13059-014-0550-8, Methods, "Dispersion trend".
    """
    trend = np.array([0.1, 1.0])
    terms = np.column_stack([np.ones_like(means), 1 / means])
    for _ in range(11):
        ratio = dispersions / (terms @ trend)
        near = (ratio > 1e-4) & (ratio < 15)
        before, trend = trend, gamma_regression(terms[near], dispersions[near], trend)
        if not (trend > 0).all():
            return None
        if (np.log(trend / before) ** 2).sum() < 1e-6:
            return trend
    return None


def gamma_regression(terms: Vector, response: Vector, start: Vector) -> Vector:
    """Fit a gamma regression with identity link by Fisher scoring.

    A step that would make a fitted value negative is halved; NaN if that does not help.
    """
    estimate, deviance = start, np.inf
    for _ in range(25):
        fitted = terms @ estimate
        weights = 1 / fitted
        step = np.linalg.lstsq(terms * weights[:, None], response * weights - 1, rcond=None)[0]
        sizes = [size for size in 0.5 ** np.arange(25) if (terms @ (estimate + size * step) > 0).all()]
        if not sizes:
            return np.full(2, np.nan)
        estimate = estimate + sizes[0] * step
        before, ratio = deviance, response / (terms @ estimate)
        deviance = 2 * float((ratio - 1 - np.log(ratio)).sum())
        if abs(deviance - before) < 1e-8 * (abs(deviance) + 0.1):
            break
    return estimate


def matched_variance(residuals: Vector, freedom: int) -> float:
    """Return the prior variance whose residuals look most like those observed.

    Residuals of log dispersions are the sum of sampling noise, log(χ² / freedom), and of the
    scatter of the genes, normal with the variance wanted. The variance is the one of the least
    Kullback-Leibler divergence between both histograms over half-unit bins.

    Parameters
    ----------
    residuals : numpy.ndarray
        Log gene-wise dispersion minus log trend.
    freedom : int
        Residual degrees of freedom, at most `FEW_FREEDOM`.

    Notes
    -----
    Love, Huber, Anders 2014, Methods, "Prior distribution". DESeq2 draws 10,000 random values
    for each variance; here the distribution is computed, so that no chance enters. DESeq2
    smooths the divergences before it takes the least, which moves it by a tenth; so does this.
    """
    edges = np.arange(-20, 21) / 2
    counts = np.histogram(residuals[np.abs(residuals) < 10], edges)[0]
    observed = counts / counts.sum()
    floor = 1 / max(counts.sum(), 10_000)  # an empty bin is not impossible
    variances = np.linspace(0, 8, 200)
    divergences = [
        (observed * np.log((observed + floor) / (residual_shares(v, freedom, edges) + floor))).sum()
        for v in variances
    ]
    # R's loess fits its parabolas at knots only, and joins them by cubic pieces.
    knots = np.array([-0.04, *halving_knots(variances), 8.04])
    curve = CubicHermiteSpline(knots, *local_quadratic(variances, np.array(divergences), knots, span=0.2))
    fine = np.linspace(0, 8, 1000)
    return float(fine[np.argmin(curve(fine))])


def residual_shares(variance: float, freedom: int, edges: Vector) -> Vector:
    """Return the share in each bin of log(χ² / freedom) + a normal value of this variance."""
    share = (np.arange(2000) + 0.5) / 2000
    noise = np.log(chi2.ppf(share, freedom) / freedom)
    spread = max(np.sqrt(variance), 1e-9)
    below = norm.cdf((edges[:, None] - noise) / spread).mean(axis=1)
    shares: Vector = np.diff(below) / (below[-1] - below[0])
    return shares


def halving_knots(x: Vector, *, largest: int = 8) -> list[float]:
    """Halve the points until no part has more than `largest`; return where the cuts are."""
    if len(x) <= largest:
        return []
    middle = (len(x) + 1) // 2
    return [*halving_knots(x[:middle]), float(x[middle - 1]), *halving_knots(x[middle:])]


def local_quadratic(x: Vector, y: Vector, at: Vector, *, span: float) -> tuple[Vector, Vector]:
    """Fit parabolas to the nearest `span` of the points, weighted by closeness: values and slopes."""
    n_near = int(span * len(x))
    fits = np.empty((len(at), 3))
    for i, centre in enumerate(at):
        distance = np.abs(x - centre)
        weight = np.clip(1 - (distance / np.sort(distance)[n_near - 1]) ** 3, 0, None) ** 1.5
        powers = np.vander(x - centre, 3)
        fits[i] = np.linalg.lstsq(powers * weight[:, None], y * weight, rcond=None)[0]
    return fits[:, 2], fits[:, 1]
