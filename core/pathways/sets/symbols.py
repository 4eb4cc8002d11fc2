"""Gene symbols of gene sets, turned into those of the gene table so that sets of any year meet the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from core.cohort.gene_table import human_genes
from core.cohort.reading.findings import count_of, listing
from core.errors import Notice


def bring_up_to_date(
    sets: Mapping[str, Iterable[str]], *, keep: frozenset[str] = frozenset()
) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Replace other names of a gene by its symbol in the gene table, where exactly one gene has that name.

    Parameters
    ----------
    sets : mapping of str to iterable of str
        Symbols of each set.
    keep : frozenset of str
        Symbols never replaced: those of the data the sets are to meet.

    Returns
    -------
    sets : dict of str to tuple of str
        Sorted and unique symbols; sets in the order of their names.
    changes : dict of str to str
        Symbol in the gene table for each name that was replaced.
    """
    old = _current_of_old()
    changes: dict[str, str] = {}

    def current(symbol: str) -> str:
        if symbol in keep or symbol not in old:
            return symbol
        changes[symbol] = old[symbol]
        return old[symbol]

    updated = {name: tuple(sorted({current(s) for s in sets[name]})) for name in sorted(sets)}
    return updated, changes


def notice_of(changes: Mapping[str, str], source: str) -> tuple[Notice, ...]:
    """Say which symbols were replaced; nothing if none was."""
    if not changes:
        return ()
    examples = listing([f"{old} by {new}" for old, new in sorted(changes.items())], most=3)
    number = count_of(len(changes), "gene symbol was", "gene symbols were")
    message = f"{source}: {number} replaced by the one this gene goes by here ({examples})."
    return (Notice("replaced-symbols", message),)


def is_symbol(text: str) -> bool:
    """Whether a text is a human gene symbol, or another name of exactly one human gene."""
    return text in human_genes().by_symbol or text in _current_of_old()


@lru_cache(maxsize=1)
def _current_of_old() -> dict[str, str]:
    genes = human_genes()
    symbols = genes.table["symbol"].tolist()
    return {alias: symbols[row] for alias, row in genes.by_alias.items()}
