"""What can be wrong with a GMT file: one small check per mistake people make."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.cohort.reading.findings import count_of, listing, place
from core.errors import Fault
from core.pathways.sets.symbols import is_symbol

EXCEL_DATE = re.compile(r"\d{1,2}-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)$", re.IGNORECASE)
WEIGHTED = re.compile(r"[^,\s]+,-?\d+(\.\d+)?(e-?\d+)?$", re.IGNORECASE)


@dataclass(frozen=True)
class GmtLine:
    """One line of a GMT file.

    Parameters
    ----------
    row : int
        Number of the line; 1 is the first.
    name, description : str
        First and second field, without surrounding spaces.
    genes : tuple of str
        All further fields that are not blank.
    tabbed : bool
        Whether the line holds a tab at all.
    """

    row: int
    name: str
    description: str
    genes: tuple[str, ...]
    tabbed: bool = True


class Identifiers(NamedTuple):
    """A kind of gene identifier that is not a human gene symbol."""

    code: str
    pattern: re.Pattern[str]
    what: str
    mend: str


TO_SYMBOLS = "Convert them to human gene symbols; MSigDB offers each collection as '.symbols.gmt'"
TO_HUMAN = "Use the human version of the sets (MSigDB: the release that ends in .Hs)"
KINDS = (
    Identifiers("entrez-identifiers", re.compile(r"\d+$"), "Entrez numbers", TO_SYMBOLS),
    Identifiers("ensembl-identifiers", re.compile(r"ENS[GTP]\d{11}"), "Ensembl identifiers", TO_SYMBOLS),
    Identifiers("mouse-symbols", re.compile(r"ENSMUS[GTP]\d+"), "mouse Ensembl identifiers", TO_HUMAN),
    Identifiers("refseq-identifiers", re.compile(r"[NX][MRP]_\d+"), "RefSeq identifiers", TO_SYMBOLS),
    Identifiers("probe-identifiers", re.compile(r"\d+(_[a-z])?_at$"), "Affymetrix probe names", TO_SYMBOLS),
    Identifiers(
        "mouse-symbols",
        re.compile(r"(?=.*[a-z])[A-Z][a-z0-9-]*$|H2-[A-Z]"),
        "mouse or rat gene symbols (capital first letter only)",
        TO_HUMAN,
    ),
    Identifiers(
        "lower-case-symbols",
        re.compile(r"(?=.*[a-z])[a-z0-9-]+$"),
        "gene symbols in lower case",
        "Write human gene symbols in capitals, for example IFIT3",
    ),
)

Lines = Sequence[GmtLine]


def check_layout(lines: Lines, file: str, *, known: frozenset[str]) -> list[Fault]:
    """Return what is wrong with tabs, names and fields.

    A file that is something else as a whole (a gene list, GMX, JSON) gets that one fault;
    the faults of its single lines would say nothing more.
    """
    for whole in (_json, _gene_list, _transposed):
        found = list(whole(lines, file, known))
        if found:
            return found
    checks = (_single_lines, _empty, _same_name, _undescribed)
    return [fault for check in checks for fault in check(lines, file, known)]


def check_identifiers(lines: Lines, file: str, *, known: frozenset[str]) -> list[Fault]:
    """Return one fault for each kind of identifier that makes up more than half of some set."""
    by_kind: dict[Identifiers, list[GmtLine]] = {}
    for line in lines:
        kinds = Counter(kind for gene in line.genes if (kind := _kind(gene, known)) is not None)
        for kind, number in kinds.most_common(1):
            if number > len(line.genes) / 2:
                by_kind.setdefault(kind, []).append(line)
    return [
        Fault(
            code=kind.code,
            where=_rows(file, concerned),
            what=f"{count_of(concerned, 'set consists', 'sets consist')} of {kind.what} "
            f"({_examples(concerned, kind)}) instead of human symbols",
            mend=kind.mend,
        )
        for kind, concerned in by_kind.items()
    ]


def _kind(gene: str, known: frozenset[str]) -> Identifiers | None:
    if gene in known or is_symbol(gene):
        return None
    return next((kind for kind in KINDS if kind.pattern.match(gene)), None)


def _examples(lines: Lines, kind: Identifiers) -> str:
    return listing([gene for line in lines for gene in line.genes if kind.pattern.match(gene)][:3])


def _json(lines: Lines, file: str, known: frozenset[str]) -> Iterator[Fault]:
    if lines and lines[0].name.startswith(("{", "[")) and not lines[0].genes:
        yield Fault(
            code="not-a-gmt",
            where=place(file),
            what="this is JSON, not GMT",
            mend="Download the same sets in the GMT format",
        )


def _gene_list(lines: Lines, file: str, known: frozenset[str]) -> Iterator[Fault]:
    names = [line.name for line in lines if not line.tabbed]
    symbols = sum(name in known or is_symbol(name) for name in names)
    if len(names) == len(lines) and symbols > len(lines) / 2:
        yield Fault(
            code="gene-list",
            where=place(file),
            what=f"this is a list of {count_of(lines, 'gene')}, one per line, not sets",
            mend="Put all genes of a set on one line after its name and a description, separated by tabs",
        )


def _transposed(lines: Lines, file: str, known: frozenset[str]) -> Iterator[Fault]:
    """Find GMX: sets stand in columns, so that from the third line on names and descriptions are genes."""
    body = lines[2:]
    genes = sum(
        all(field in known or is_symbol(field) for field in (line.name, line.description)) for line in body
    )
    if body and genes > len(body) / 2:
        yield Fault(
            code="transposed",
            where=place(file),
            what="the sets stand in columns (GMX format), not in lines",
            mend="Swap rows and columns, one set per line, and save it with tabs",
        )


class LineCheck(NamedTuple):
    """A mistake that is seen in a line by itself."""

    code: str
    finds: Callable[[GmtLine], bool]
    what: str
    mend: str


LINE_CHECKS = (
    LineCheck(
        "spaces-for-tabs",
        lambda line: not line.tabbed and " " in line.name and "," not in line.name,
        "the fields are separated by spaces, not tabs",
        "Separate name, description and genes by tabs; some editors replace tabs when saving",
    ),
    LineCheck(
        "commas-for-tabs",
        lambda line: not line.tabbed and ("," in line.name or ";" in line.name),
        "the fields are separated by commas or semicolons, not tabs",
        "Save the file as 'text, tab-separated'",
    ),
    LineCheck(
        "spaces-for-tabs",
        # "A /// B" is a probe that hybridises with several genes, as in the blood transcription modules.
        lambda line: any(" " in gene and "///" not in gene for gene in line.genes),
        "some genes are separated by spaces, not tabs",
        "Separate all genes by tabs",
    ),
    LineCheck(
        "commas-for-tabs",
        lambda line: any((";" in gene or "," in gene) and not WEIGHTED.match(gene) for gene in line.genes),
        "some genes are separated by commas or semicolons, not tabs",
        "Separate all genes by tabs",
    ),
    LineCheck(
        "weights",
        lambda line: any(map(WEIGHTED.match, line.genes)),
        "genes carry weights, as in 'TP53,1.0', which have no meaning here",
        "Remove the comma and the number after each gene",
    ),
    LineCheck(
        "no-set-name",
        lambda line: not line.name,
        "the first field, the name of the set, is blank",
        "Begin each line with the name of the set",
    ),
)


def _single_lines(lines: Lines, file: str, known: frozenset[str]) -> Iterator[Fault]:
    for code, finds, what, mend in LINE_CHECKS:
        yield from _per_lines(code, file, [line for line in lines if finds(line)], what=what, mend=mend)


def _empty(lines: Lines, file: str, known: frozenset[str]) -> Iterator[Fault]:
    def lone_name(line: GmtLine) -> bool:
        return not line.tabbed and not set(" ,;") & set(line.name)

    empty = [line for line in lines if not line.genes and (line.tabbed or lone_name(line))]
    names = listing([repr(line.name) for line in empty], most=3)
    yield from _per_lines(
        "empty-set",
        file,
        empty,
        what=f"{count_of(empty, 'set has', 'sets have')} no genes ({names})",
        mend="Remove the line, or add genes after the name and the description",
    )


def _same_name(lines: Lines, file: str, known: frozenset[str]) -> Iterator[Fault]:
    times = Counter(line.name for line in lines if line.name)
    shared = [name for name, number in times.items() if number > 1]
    yield from _per_lines(
        "duplicate-set",
        file,
        [line for line in lines if line.name in shared],
        what=f"{count_of(shared, 'name stands', 'names stand')} for several sets ({listing(shared, most=3)})",
        mend="Give each set its own name, or remove the copies",
    )


def _undescribed(lines: Lines, file: str, known: frozenset[str]) -> Iterator[Fault]:
    """Find files without descriptions, where the first gene of each set would be lost in silence."""
    filled = [line for line in lines if line.genes]
    genes = [
        line
        for line in filled
        if line.description != line.name and (line.description in known or is_symbol(line.description))
    ]
    if len(genes) > len(filled) / 2:
        yield from _per_lines(
            "no-description",
            file,
            genes,
            what=f"the second field is a gene ({genes[0].description}) where the description should stand",
            mend="Put a description between the name and the first gene; 'na' will do",
        )


def _per_lines(code: str, file: str, lines: Lines, *, what: str, mend: str) -> Iterator[Fault]:
    if lines:
        yield Fault(code=code, where=_rows(file, lines), what=what, mend=mend)


def _rows(file: str, lines: Lines) -> str:
    rows = sorted({line.row for line in lines})
    return place(file, row=rows[0]) if len(rows) == 1 else f"{file}, rows {listing(rows)}"
