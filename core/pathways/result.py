"""An enrichment result: what it holds, and how the store keeps it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from core.de.spec import DESpec
from core.pathways.enrichment.running import RunningScore, running_score
from core.pathways.sets.collections import DATA, list_collections
from core.pathways.sets.model import Origin
from core.pathways.sets.themes import DEFAULT_PATH
from core.pathways.spec import PathwaySpec
from core.record import Record
from core.store import Draft, Entry

# Part of every key: raise it whenever a change in core/pathways or core/de/limma can change a number.
ALGORITHM = "pathways-3"
FLAG = "genes move together"
SAMPLE_SCORES = "sample_scores"

TABLE_COLUMNS = (
    "set",
    "collection",
    "theme",
    "size",
    "es",
    "nes",
    "pvalue",
    "padj",
    "leading_edge",
    "sub_theme",
    "published",
    "direction",
    "significant",
    "check_pvalue",
    "check_padj",
    "flag",
    "shift",
    "correlation",
    "log2err",
    "overlap",
    "expected",
    "enrichment",
    "background",
    "in_background",
    "difference",
    "lower",
    "upper",
    "representative",
    "x",
    "y",
)


@dataclass(frozen=True, kw_only=True)
class CollectionUsed(Origin):
    """A collection that was tested, with what one needs to cite it."""

    n_sets: int
    n_tested: int
    n_significant: int


@dataclass(frozen=True, kw_only=True)
class PathwayInfo(Record):
    """What a reader must know about an enrichment besides its numbers, and what `Record` says of any.

    Parameters
    ----------
    n_ranked, n_sets, n_significant, n_flagged : int
        Genes ranked; sets tested, significant, and significant only because their genes move together.
    n_genes_significant : int
        Genes that over-representation looked at; 0 for other tests.
    method : str
        How the test was made, as a sentence.
    check : str
        How the correlation-aware check was made, or why it was not, as a sentence.
    background : str
        Of over-representation, as a sentence; "" for other tests.
    collections : tuple of CollectionUsed
        In the order of the specification.
    """

    n_ranked: int
    n_sets: int
    n_significant: int
    n_flagged: int
    n_genes_significant: int
    method: str
    check: str
    background: str
    collections: tuple[CollectionUsed, ...]

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Rebuild from `to_dict` after a passage through JSON."""
        collections = tuple(CollectionUsed(**item) for item in values["collections"])
        return super().from_dict({**values, "collections": collections})


@dataclass(frozen=True)
class PathwayResult:
    """Gene sets that differ between two groups.

    Parameters
    ----------
    spec : PathwaySpec
        What was asked.
    de_spec : DESpec or None
        The comparison; None if it came as a table without one.
    digest : str
        Content hash of the cohort; "" if not known.
    table : pandas.DataFrame, RangeIndex
        One row per tested set, columns `TABLE_COLUMNS`, missing where the test does not give them.
        Scores and shifts are positive where higher in case. ``check_*`` are those of the
        correlation-aware test; ``flag`` is `FLAG` where only the check is not significant, else "".
        ``difference`` with its 95 % interval ``lower`` to ``upper`` is that of the patients' scores, in
        residual standard deviations.
        ``representative`` is the set that stands for a group of overlapping significant ones (its own name if
        it does so itself), ``x`` and ``y`` its place on the map.
    ranking : pandas.DataFrame, RangeIndex
        The ranked genes, see `core.pathways.enrichment.ranking.Ranking`.
    membership : scipy.sparse.csr_array of shape (n_sets, n_ranked)
        Which genes each set holds.
    themes, cells, scores : pandas.DataFrame
        See `core.pathways.reading.theme_summary.ThemeTables`.
    sample_scores : numpy.ndarray of shape (n_sets, n_used), float32, or None
        Of tests that score patients: rows as in `table`, samples as in the design of the comparison.
    run : PathwayInfo
        How it was made.
    """

    spec: PathwaySpec
    de_spec: DESpec | None
    digest: str
    table: pd.DataFrame
    ranking: pd.DataFrame
    membership: csr_array
    themes: pd.DataFrame
    cells: pd.DataFrame
    scores: pd.DataFrame
    run: PathwayInfo
    sample_scores: NDArray[np.float32] | None = None

    def positions(self, row: int) -> NDArray[np.intp]:
        """Return the places in the ranking of a set's genes, ascending."""
        start, stop = self.membership.indptr[row : row + 2]
        return np.asarray(self.membership.indices[start:stop], dtype=np.intp)

    def running_score(self, row: int) -> RunningScore:
        """Return the walk through the ranking for a set, whatever the test was."""
        return running_score(self.ranking["stat"].to_numpy(np.float64), self.positions(row))

    def members(self, row: int) -> pd.DataFrame:
        """Return the ranked genes of a set with ``position`` and ``leading`` (in the leading edge)."""
        positions = self.positions(row)
        leading = set(self.table["leading_edge"].iloc[row].split(";"))
        genes = self.ranking.iloc[positions].reset_index(drop=True)
        return genes.assign(position=positions, leading=genes["symbol"].isin(leading))

    def sets_with(self, gene: str) -> pd.DataFrame:
        """Return the rows of `table` whose sets hold a gene (identifier as in the comparison)."""
        found = np.flatnonzero(self.ranking["gene"] == gene)
        if not len(found):
            return self.table.iloc[:0]
        holds: NDArray[np.bool_] = self.membership[:, [int(found[0])]].toarray().ravel() > 0
        return self.table.loc[holds]

    def genes_by_theme(self, genes: Iterable[str]) -> dict[str, int]:
        """Return how many of these genes (identifiers as in the comparison) are in a set of each theme."""
        columns = np.flatnonzero(self.ranking["gene"].isin(set(genes)))
        held = self.membership[:, columns]
        themes = self.table.groupby("theme").indices
        counts = {str(name): int((held[rows].sum(axis=0) > 0).sum()) for name, rows in themes.items() if name}
        return {name: n for name, n in sorted(counts.items()) if n}


@dataclass(frozen=True)
class ThemeGlance:
    """The themes of a result without its sets, for pages that show no more; see `PathwayResult`."""

    themes: pd.DataFrame
    cells: pd.DataFrame
    run: PathwayInfo


def collections_digest(names: Iterable[str]) -> str:
    """Return a checksum of the collections' files, the gene table and the theme list; nothing is parsed.

    It is part of the key, so that an edited file gives a new result.
    """
    shipped = {card.name: card.sha256 for card in list_collections()}
    parts = [f"{name} {shipped.get(name) or _file_digest(Path(name))}" for name in names]
    genes = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))["files"]
    parts += [f"{path} {entry['sha256']}" for path, entry in genes.items() if path.startswith("genes/")]
    parts.append(_file_digest(DEFAULT_PATH))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _file_digest(path: Path) -> str:
    if not path.is_file():
        return "absent"
    stat = path.stat()
    return _digest_of(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _digest_of(path: Path, modified: int, size: int) -> str:
    """Return the checksum of a file; `modified` and `size` are there to notice that it changed."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_result(draft: Draft, result: PathwayResult) -> None:
    """Put a result into an entry of the store in the making."""
    draft.write_table("sets", result.table)
    draft.write_table("ranking", result.ranking)
    draft.write_table("themes", result.themes)
    draft.write_table("cells", result.cells)
    draft.write_table("scores", result.scores)
    if result.sample_scores is not None:
        draft.write_array(SAMPLE_SCORES, result.sample_scores)
    draft.write_array("indptr", np.asarray(result.membership.indptr, dtype=np.int64))
    draft.write_array("indices", np.asarray(result.membership.indices, dtype=np.int32))
    draft.run["info"] = result.run.to_dict()


def read_result(entry: Entry) -> PathwayResult:
    """Rebuild a result from its entry in the store."""
    ranking, indices = entry.table("ranking"), np.array(entry.array("indices"))
    indptr = np.array(entry.array("indptr"))
    membership = csr_array((np.ones(len(indices)), indices, indptr), shape=(len(indptr) - 1, len(ranking)))
    return PathwayResult(
        spec=PathwaySpec.from_json(entry.run["spec"]),
        de_spec=DESpec.from_json(entry.run["before"]["de"]),
        digest=entry.run["digest"],
        table=entry.table("sets"),
        ranking=ranking,
        membership=membership,
        themes=entry.table("themes"),
        cells=entry.table("cells"),
        scores=entry.table("scores"),
        run=PathwayInfo.from_dict(entry.run["info"]),
        sample_scores=entry.array(SAMPLE_SCORES) if f"{SAMPLE_SCORES}.npy" in entry.run["files"] else None,
    )


def read_glance(entry: Entry) -> ThemeGlance:
    """Read only the themes of a result from its entry in the store."""
    return ThemeGlance(entry.table("themes"), entry.table("cells"), PathwayInfo.from_dict(entry.run["info"]))
