"""Users' own gene sets: a GMT file, read and checked like any other input.

A GMT file has one gene set per line: its name, a description (which may be empty) and its
gene symbols, separated by tabs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from core.cohort.reading.content import Content, open_content
from core.cohort.reading.findings import Findings, count_of, listing, place
from core.errors import Fault, InputError
from core.pathways.sets.gmt_checks import EXCEL_DATE, GmtLine, check_identifiers, check_layout
from core.pathways.sets.model import Collection, sets_digest
from core.pathways.sets.symbols import bring_up_to_date, notice_of

LARGEST_TEXT = 100_000_000
"""Bytes; all of MSigDB is about 40 million."""

ENDING = r"(\.gmt)?(\.txt)?(\.gz)?$"
EXPORT = "Export the sets as a GMT file: name, description and gene symbols, separated by tabs"


def read_gmt(path: Path, *, known_symbols: Iterable[str], name: str | None = None) -> Collection:
    """Read a user's GMT file (plain or gzip) and check it against the tested genes.

    Old symbols are brought up to date where exactly one gene went by that name, unless the
    data themselves use them. A gene named twice in a set counts once. Both are said in
    `Collection.notices`, and so are symbols that are not among the tested genes.

    Parameters
    ----------
    path : Path
        The file.
    known_symbols : iterable of str
        Symbols of the tested genes.
    name : str, optional
        Name of the collection; the file's name without its ending if not given.

    Raises
    ------
    InputError
        With all faults: a file that is no text or cut off, spaces or commas for tabs, sets
        without genes or with the same name, Entrez, Ensembl or mouse identifiers, no gene
        in common with the tested genes, and others.
    """
    tested = frozenset(known_symbols)
    findings = Findings()
    lines = _lines(path, findings)
    findings.faults += check_layout(lines, path.name, known=tested)
    findings.faults += check_identifiers(lines, path.name, known=tested)
    sets, changes = bring_up_to_date({line.name: line.genes for line in lines}, keep=tested)
    if not findings.faults:
        _check_overlap(sets, tested, path.name, findings=findings)
    if findings.faults:
        raise InputError(findings.faults)
    _notice_repeats(lines, path.name, findings=findings)
    _notice_untested(sets, tested, path.name, findings=findings)
    return Collection(
        name=name or re.sub(ENDING, "", path.name),
        title=path.name,
        version=f"sha256 {sets_digest(sets)[:12]}",
        licence="",
        attribution=f"User's own file {path.name}",
        sets=sets,
        notices=(*findings.notices, *notice_of(changes, path.name)),
    )


def _lines(path: Path, findings: Findings) -> list[GmtLine]:
    """Return the lines of a file that is text; else none, with the reason among the findings."""
    content = open_content(path, findings)
    findings.faults = [_reworded(fault) for fault in findings.faults]
    if content is None:
        return []
    if content.kind != "text":
        findings.faults.append(_not_text(content))
        return []
    if len(content.text) > LARGEST_TEXT:
        findings.fault(
            "too-large",
            place(path.name),
            what=f"the file holds {len(content.text) // 1_000_000} MB of text; the limit is 100 MB",
            mend="Keep only the sets you want to test",
        )
        return []
    return _split(content.text.decode())


def _split(text: str) -> list[GmtLine]:
    lines = []
    for row, raw in enumerate(text.split("\n"), start=1):
        if not raw.strip():
            continue
        fields = [part.strip() for part in raw.rstrip("\n").split("\t")]
        name, description, genes = fields[0], "".join(fields[1:2]), tuple(filter(None, fields[2:]))
        lines.append(GmtLine(row, name, description, genes, tabbed="\t" in raw))
    return lines


def _reworded(fault: Fault) -> Fault:
    """Give a fault of the general file reader the mend that fits gene sets."""
    mend = EXPORT if fault.code in ("not-a-table", "excel-file", "encoding") else fault.mend
    return Fault(code=fault.code, where=fault.where, what=fault.what, mend=mend)


def _not_text(content: Content) -> Fault:
    kinds = {"excel": "an Excel workbook (or another zip archive)", "parquet": "Parquet", "hdf5": "HDF5"}
    return Fault(
        code="not-a-table",
        where=place(content.file),
        what=f"this is {kinds[content.kind]}, not text",
        mend=EXPORT,
    )


def _check_overlap(
    sets: dict[str, tuple[str, ...]], tested: frozenset[str], file: str, *, findings: Findings
) -> None:
    genes = {gene for members in sets.values() for gene in members}
    if genes.isdisjoint(tested):
        own, theirs = listing(sorted(genes), most=3), listing(sorted(tested), most=3) or "none"
        findings.fault(
            "no-overlap",
            place(file),
            what=f"none of its {count_of(genes, 'gene')} ({own}) is among the tested genes ({theirs})",
            mend="Give human gene symbols as in the count file, for example IFIT3",
        )


def _notice_repeats(lines: Sequence[GmtLine], file: str, *, findings: Findings) -> None:
    repeated = {line.name: [g for g, n in Counter(line.genes).items() if n > 1] for line in lines}
    examples = [f"{genes[0]} in {name!r}" for name, genes in repeated.items() if genes]
    if examples:
        sets = count_of(examples, "set names a gene", "sets name a gene")
        findings.notice(
            "repeated-gene", f"{file}: {sets} more than once ({listing(examples, most=3)}); each counts once."
        )


def _notice_untested(
    sets: dict[str, tuple[str, ...]], tested: frozenset[str], file: str, *, findings: Findings
) -> None:
    genes = {gene for members in sets.values() for gene in members}
    untested = sorted(genes - tested)
    if untested:
        share = f"{len(untested):,} of {count_of(genes, 'gene')}"
        findings.notice(
            "untested-genes",
            f"{file}: {share} are not among the tested genes and are left out ({listing(untested, most=3)}).",
        )
    dates = [gene for gene in untested if EXCEL_DATE.match(gene)]
    if dates:
        findings.notice(
            "excel-date-gene",
            f"{file}: a spreadsheet has turned gene names into dates ({listing(dates, most=3)}); "
            "they match no gene. Restore the names in the file to count them.",
        )
    without = [name for name, members in sets.items() if tested.isdisjoint(members)]
    if without:
        counted = count_of(without, "set has", "sets have")
        findings.notice("untested-sets", f"{file}: {counted} no tested gene ({listing(without, most=3)}).")
