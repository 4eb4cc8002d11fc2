"""Does another study's result come back here? Direction, ranks, and gene by gene."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.de.deseq2.adjust import adjust
from core.errors import Fault, InputError
from core.robustness.subgroups.shares import Share, wilson
from core.words import percent

MOST_CHOSEN, FEWEST_SHARED = 200, 10
LARGEST = 50_000_000  # bytes
_NAMES = {
    "gene": re.compile(r"^(gene|genes|symbol|gene[ _.]?(symbol|name|id)|ensembl.*|id|hgnc.*)$", re.I),
    "effect": re.compile(r"^(log2?[ _.]?(fold[ _.]?change|fc)|logfc|lfc|beta|effect|estimate|coef.*)$", re.I),
    "pvalue": re.compile(r"^(p|p[ _.-]?val(ue)?|pval|p\.value|nominal.?p)$", re.I),
    "padj": re.compile(r"^(padj|p[ _.]?adj.*|adj[ _.]?p.*|fdr|q|q[ _.-]?val(ue)?|bh)$", re.I),
}


@dataclass(frozen=True)
class Replication:
    """How far a published result comes back.

    Parameters
    ----------
    shared : pandas.DataFrame
        Genes in both: ``gene``, ``symbol``, ``published`` and ``here`` (log2 fold changes), ``published_p``,
        ``here_p``, ``chosen`` (significant there), ``same`` (direction), ``replicates`` (chosen, same
        direction, and p adjusted over the chosen below 0.05 here).
    n_published : int
        Genes of the published table.
    rule : str
        How genes were chosen, as the end of a sentence.
    agreement : Share
        Of the chosen genes, those with the same direction here.
    rank_correlation : float
        Of the signed strengths over all shared genes.
    """

    shared: pd.DataFrame
    n_published: int
    rule: str
    agreement: Share
    rank_correlation: float


def read_published(content: bytes, name: str) -> pd.DataFrame:
    """Read a result table of another study.

    Parameters
    ----------
    content : bytes
        CSV or TSV; lines that begin with "#" are comments.
    name : str
        Of the file, for messages.

    Returns
    -------
    pandas.DataFrame
        ``gene`` (as written), ``effect``, ``pvalue``, ``padj`` (missing where the file has none).

    Raises
    ------
    InputError
        If a column for gene or effect is missing, or no p-value of either kind is there.
    """
    if len(content) > LARGEST:
        raise InputError([_fault(name, "it is larger than 50 MB", "Upload the genes and their numbers only")])
    try:
        table = pd.read_csv(io.BytesIO(content), sep=_separator(content), comment="#")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        raise InputError([_fault(name, f"it is no table ({error})", "Upload a CSV or TSV file")]) from None
    columns = {role: _column(table, pattern) for role, pattern in _NAMES.items()}
    missing = [role for role in ("gene", "effect") if columns[role] is None]
    if columns["pvalue"] is None and columns["padj"] is None:
        missing.append("p-value")
    if missing:
        there = ", ".join(map(str, table.columns[:10]))
        mend = "Name them, for example, symbol, log2FoldChange and pvalue"
        raise InputError([_fault(name, f"no column for {' and '.join(missing)} (there are: {there})", mend)])
    found = {
        role: pd.to_numeric(table[column], errors="coerce") if column is not None else np.nan
        for role, column in columns.items()
        if role != "gene"
    }
    genes = table[columns["gene"]].astype(str).str.strip()
    read = pd.DataFrame({"gene": genes, **found}).dropna(subset=["effect"])
    read["strength"] = read["pvalue"].fillna(read["padj"])
    usable: pd.Series = np.isfinite(read["effect"]) & read["strength"].between(0, 1)
    kept: pd.DataFrame = read.loc[usable].reset_index(drop=True)
    return kept


def replicate(published: pd.DataFrame, table: pd.DataFrame, *, alpha: float = 0.05) -> Replication:
    """Compare a published result with a comparison of this cohort.

    Parameters
    ----------
    published : pandas.DataFrame
        From `read_published`. Genes are matched by identifier, Ensembl version removed, else by symbol.
    table : pandas.DataFrame
        Of the comparison here.
    alpha : float
        Adjusted p-value that chooses genes there.

    Raises
    ------
    InputError
        If fewer than 10 genes are in both.
    """
    names = published["gene"].str.replace(r"\.\d+$", "", regex=True).str.upper()
    places = _places(table)
    there = published.assign(row=names.map(places)).dropna(subset=["row"])
    there = there.sort_values("strength", kind="stable").drop_duplicates("row")
    here = table.loc[there["row"].astype(int)].reset_index(drop=True)
    there = there.reset_index(drop=True)
    shared = pd.DataFrame(
        {
            "gene": here["gene"],
            "symbol": here["symbol"],
            "published": there["effect"],
            "here": here["log2FoldChange"],
            "published_p": there["strength"],
            "published_padj": there["padj"],
            "here_p": here["pvalue"],
        }
    )
    shared = shared[shared["here"].notna() & shared["here_p"].notna() & (shared["published"] != 0)]
    shared = shared.reset_index(drop=True)
    if len(shared) < FEWEST_SHARED:
        what = f"only {len(shared)} of its {len(published)} genes were tested here"
        raise InputError([_fault("the published table", what, "Check that both name genes alike")])
    return _judged(shared, n_published=len(published), alpha=alpha)


def _judged(shared: pd.DataFrame, *, n_published: int, alpha: float) -> Replication:
    significant = shared["published_padj"] < alpha
    rule = f"with an adjusted p below {alpha:g} there"
    if not significant.any():
        cut = shared["published_p"].nsmallest(MOST_CHOSEN).max()
        significant = shared["published_p"] <= cut
        rule = f"with the {int(significant.sum())} smallest p-values there (none adjusted below {alpha:g})"
    same = shared["published"] * shared["here"] > 0
    padj = np.full(len(shared), np.nan)
    chosen = significant.to_numpy()
    padj[chosen] = adjust(shared["here_p"].to_numpy()[chosen], np.ones(int(chosen.sum()), dtype=bool))
    shared = shared.assign(chosen=chosen, same=same, replicates=chosen & same & (padj < 0.05), here_padj=padj)
    share = wilson(int((chosen & same).sum()), int(chosen.sum()))
    signed = [
        np.sign(shared[e]) * -np.log10(np.maximum(shared[p], 1e-300))
        for e, p in (("published", "published_p"), ("here", "here_p"))
    ]
    return Replication(
        shared=shared,
        n_published=n_published,
        rule=rule,
        agreement=share,
        rank_correlation=float(signed[0].corr(signed[1], method="spearman")),
    )


def replication_sentence(found: Replication) -> str:
    """Say whether the published result comes back here."""
    share, n = found.agreement, int(found.shared["replicates"].sum())
    value, low, high = (percent(part) for part in (share.value, share.low, share.high))
    return (
        f"{len(found.shared):,} of {found.n_published:,} published genes were tested here. Of those "
        f"{found.rule}, {share.k:,} of {share.n:,} ({value}, 95 % interval {low} to "
        f"{high}) point the same way; by chance it would be half. {n:,} replicate singly (same "
        f"direction, p adjusted over the {share.n:,} below 0.05). Rank correlation over all: "
        f"{found.rank_correlation:.2f}. Genes move together, so the interval is too narrow."
    )


def _separator(content: bytes) -> str:
    """Return what separates the fields of the first line that is no comment."""
    lines = (line for line in content[:100_000].splitlines() if line.strip() and not line.startswith(b"#"))
    first = next(lines, b"").decode("utf-8", errors="replace")
    return max("\t,;", key=first.count)


def _column(table: pd.DataFrame, pattern: re.Pattern[str]) -> str | None:
    names = [str(name) for name in table.columns]
    return next((name for name in names if pattern.match(name.strip())), None)


def _places(table: pd.DataFrame) -> dict[str, int]:
    """Return the row of each gene by identifier and by symbol; of several, the most expressed."""
    ordered = table.sort_values("baseMean", ascending=True, kind="stable")
    rows = ordered.index.to_numpy(int).tolist()
    symbols, genes = (ordered[name].astype(str).str.upper() for name in ("symbol", "gene"))
    places = {symbol: row for symbol, row in zip(symbols, rows, strict=True) if symbol}
    return places | dict(zip(genes, rows, strict=True))


def _fault(name: str, what: str, mend: str) -> Fault:
    return Fault("published-table", name, what, mend)
