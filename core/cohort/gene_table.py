"""The human gene table: what an identifier stands for, and search by any name a gene has had."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Literal

import pandas as pd

DEFAULT_PATH = Path(__file__).resolve().parent.parent.parent / "data" / "genes" / "human_genes.tsv.gz"
FACTS = ["symbol", "name", "ensembl_id", "entrez_id", "chromosome"]
ENSEMBL_VERSION = re.compile(r"^(ENS[A-Z]*G\d+)\.\d+(?:_PAR_Y)?$|^(ENS[A-Z]*G\d+)_PAR_Y$")

# Renamed by HGNC in 2020 because spreadsheets took them for dates. Listed here because the
# table's aliases do not tell a gene's former symbol from any other name it went by.
RENAMED = (
    {f"SEPT{i}": f"SEPTIN{i}" for i in (*range(1, 13), 14)}
    | {f"MARCH{i}": f"MARCHF{i}" for i in range(1, 12)}
    | {"MARC1": "MTARC1", "MARC2": "MTARC2", "DEC1": "DELEC1", "SEP15": "SELENOF"}
)

MOST_RANKED = 3000

Via = Literal["symbol", "ensembl", "alias", "name"]


@dataclass(frozen=True)
class Match:
    """One gene found by `GeneTable.search`.

    Parameters
    ----------
    symbol, ensembl_id, name : str
        The gene's current symbol, Ensembl identifier ("" if it has none) and name.
    via : {"symbol", "ensembl", "alias", "name"}
        What the text was found in; "alias" means an old or other name.
    found : str
        The very name that was found, for "found under its old name FLJ20035".
    """

    symbol: str
    ensembl_id: str
    name: str
    via: Via
    found: str


def without_version(identifier: str) -> str:
    """Return an Ensembl identifier without its version; anything else as it is.

    Examples
    --------
    >>> without_version("ENSG00000141510.17")
    'ENSG00000141510'
    """
    match = ENSEMBL_VERSION.match(identifier)
    return (match[1] or match[2]) if match else identifier


class GeneTable:
    """Human genes by symbol, former symbol, alias, Ensembl and Entrez identifier.

    Where one name is shared, the gene is chosen by a fixed rule: a row with an Ensembl
    identifier before one without, a named gene before an uncharacterised locus
    ("LOC..."), then the lowest Entrez number, then the order of the file, which names the
    Ensembl identifier on the reference chromosomes before those on alternative contigs.
    Mitochondrial genes also go by their HGNC symbols, MT-CO1 for what NCBI calls COX1.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns entrez_id, symbol, name, ensembl_id, aliases ("|" between them), chromosome; all str.
    """

    def __init__(self, table: pd.DataFrame):
        ranked = table.assign(
            _bare=table["ensembl_id"] == "",
            _locus=table["symbol"].str.match(r"LOC\d+$"),
            _entrez=table["entrez_id"].astype(int),
        ).sort_values(["_bare", "_locus", "_entrez"], kind="stable")
        self.table = ranked.drop(columns=["_bare", "_locus", "_entrez"]).reset_index(drop=True)

    @classmethod
    def read(cls, path: Path = DEFAULT_PATH) -> GeneTable:
        """Read the table shipped in data/genes (org.hs.eg.db 3.16.0)."""
        return cls(pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False))

    @cached_property
    def by_symbol(self) -> dict[str, int]:
        """Row of each current symbol."""
        return _first(self.table["symbol"])

    @cached_property
    def by_ensembl(self) -> dict[str, int]:
        """Row of each Ensembl identifier."""
        return _first(self.table["ensembl_id"])

    @cached_property
    def by_entrez(self) -> dict[str, int]:
        """Row of each Entrez identifier."""
        return _first(self.table["entrez_id"])

    @cached_property
    def by_alias(self) -> dict[str, int]:
        """Row of each alias that belongs to one symbol only; former symbols of renamed genes come first."""
        owners: dict[str, str | None] = {}
        for alias, symbol in self._aliases:
            if owners.setdefault(alias, symbol) != symbol:
                owners[alias] = None
        owners |= {old: new for old, new in RENAMED.items() if new in self.by_symbol}
        return {
            alias: self.by_symbol[symbol]
            for alias, symbol in owners.items()
            if symbol is not None and alias not in self.by_symbol
        }

    @property
    def _aliases(self) -> Iterator[tuple[str, str]]:
        columns = (self.table[name] for name in ("aliases", "symbol", "chromosome"))
        for aliases, symbol, chromosome in zip(*columns, strict=True):
            for alias in aliases.split("|"):
                if alias and alias != symbol:
                    yield alias, symbol
                if chromosome == "MT" and alias.startswith("MT"):
                    yield f"MT-{alias[2:]}", symbol

    def locate(self, identifier: str) -> tuple[int, str]:
        """Return a gene's row and what it was found by; (-1, "") if it is not known.

        An alias shared by several genes stands for none of them.
        """
        bare = without_version(identifier)
        indices = {"ensembl": self.by_ensembl, "symbol": self.by_symbol, "alias": self.by_alias}
        return next(((index[bare], via) for via, index in indices.items() if bare in index), (-1, ""))

    def resolve(self, identifiers: Iterable[str], *, entrez: bool = False) -> pd.DataFrame:
        """Look up identifiers: Ensembl (version allowed), symbols, unambiguous aliases.

        Parameters
        ----------
        identifiers : iterable of str
            As written in a file.
        entrez : bool
            Take identifiers for Entrez numbers instead.

        Returns
        -------
        pandas.DataFrame
            One row per identifier, in order: ``gene`` (version removed), ``symbol``, ``name``,
            ``ensembl_id``, ``entrez_id``, ``chromosome`` and ``via`` ("" where unknown).
        """
        given = list(identifiers)
        if entrez:
            numbers = self.by_entrez
            found = [(numbers[text], "entrez") if text in numbers else (-1, "") for text in given]
        else:
            found = [self.locate(identifier) for identifier in given]
        padded = pd.concat([self.table[FACTS], pd.DataFrame([dict.fromkeys(FACTS, "")])], ignore_index=True)
        facts = padded.iloc[[row for row, _ in found]].reset_index(drop=True)
        facts.insert(0, "gene", [without_version(identifier) for identifier in given])
        return facts.assign(via=[via for _, via in found])

    def search(self, text: str, limit: int = 10) -> list[Match]:
        """Find genes by symbol, Ensembl or Entrez-style alias, or words of the name; best first.

        Exact names come before names that begin with the text, shorter before longer, and
        gene names that contain it last. Capitals do not matter.
        """
        wanted = without_version(text.strip().upper())
        if not wanted:
            return []
        hits: dict[str, Match] = {}
        for row, via, found in self._hits(wanted):
            symbol, ensembl_id, name = self._display[row]
            hits.setdefault(symbol, Match(symbol, ensembl_id, name, via, found))
            if len(hits) >= limit:
                break
        return list(hits.values())

    def _hits(self, wanted: str) -> Iterator[tuple[int, Via, str]]:
        keys, entries = self._index
        start, stop = bisect_left(keys, wanted), bisect_right(keys, wanted + "\uffff")
        order = {"symbol": 0, "ensembl": 1, "alias": 2, "name": 3}

        def rank(position: int) -> tuple[bool, int, bool, int, str]:
            key, (row, via, _) = keys[position], entries[position]
            renamed = RENAMED.get(key) == self._display[row][0]
            return key != wanted, order[via], not renamed, len(key), key

        # Thousands of names begin with "ENSG": ranking them all would be slow and help nobody.
        found = range(start, min(stop, start + MOST_RANKED))
        for position in sorted(found, key=rank):
            yield entries[position]
        if len(wanted) >= 3:
            yield from self._named(wanted)

    def _named(self, wanted: str) -> Iterator[tuple[int, Via, str]]:
        names, starts = self._names
        position = names.find(wanted)
        while position >= 0:
            row = bisect_right(starts, position) - 1
            yield row, "name", self._display[row][2]
            position = names.find(wanted, names.find("\n", position) + 1)

    @cached_property
    def _display(self) -> list[tuple[str, str, str]]:
        return list(self.table[["symbol", "ensembl_id", "name"]].itertuples(index=False, name=None))

    @cached_property
    def _index(self) -> tuple[list[str], list[tuple[int, Via, str]]]:
        """Every name a gene goes by, in capitals and sorted, with what it leads to."""
        entries: list[tuple[int, Via, str]] = []
        entries += [(row, "symbol", name) for name, row in self.by_symbol.items()]
        entries += [(row, "ensembl", name) for name, row in self.by_ensembl.items()]
        entries += [(self.by_symbol[symbol], "alias", name) for name, symbol in dict.fromkeys(self._aliases)]
        entries.sort(key=lambda entry: (entry[2].upper(), entry))
        return [name.upper() for _, _, name in entries], entries

    @cached_property
    def _names(self) -> tuple[str, list[int]]:
        """All gene names as one text, one per line, and where each line starts."""
        lines = [f"{name.upper()}\n" for name in self.table["name"]]
        return "".join(lines), list(accumulate(map(len, lines), initial=0))


@lru_cache(maxsize=1)
def human_genes() -> GeneTable:
    """Return the shipped gene table, read once per process."""
    return GeneTable.read()


def _first(keys: pd.Series[str]) -> dict[str, int]:
    """Return the first row of each key that is not blank."""
    first = keys[keys != ""].drop_duplicates()
    return dict(zip(first, first.index.tolist(), strict=True))
