"""Who is who: samples of the counts and rows of the metadata are matched by identifier, never by position."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.cohort.reading.findings import Findings, count_of, listing, place
from core.cohort.reading.raw import RawTable
from core.cohort.reading.read import ANNOTATION

Orientation = Literal["samples in columns", "samples in rows"]
ALIGNER_ENDINGS = re.compile(
    r"([._-]?(sorted|sort|dedup|markdup|rmdup|bam|sam|cram|accepted_hits|sortedByCoord|out|Aligned))+$", re.I
)


@dataclass(frozen=True)
class MatchReport:
    """How samples and metadata rows found each other.

    Parameters
    ----------
    orientation : str
        Whether samples stand in the columns or in the rows of the counts.
    identifier : str
        The metadata column that names the samples.
    matched : tuple of str
        Identifiers found in both files.
    near : tuple of (str, str)
        Name in the counts and name in the metadata that differ only in how they are written.
    only_counts, only_metadata : tuple of str
        Identifiers found in one file only.
    name_column : int
        Column of the counts that names the samples, where they stand in rows.
    """

    orientation: Orientation
    identifier: str
    matched: tuple[str, ...] = ()
    near: tuple[tuple[str, str], ...] = ()
    only_counts: tuple[str, ...] = ()
    only_metadata: tuple[str, ...] = ()
    name_column: int = 0


def canonical(identifier: str) -> str:
    """Return what is left of an identifier when capitals, punctuation and lost zeros are ignored.

    Undoes what programs do to names: R's ``X`` before a leading digit and ``.`` for ``-``,
    paths and ``.bam`` of aligners, leading zeros and ``.0`` of spreadsheets.

    Examples
    --------
    >>> canonical("/data/X07-TRD.sorted.bam") == canonical(" 7_trd")
    True
    """
    text = identifier.strip().strip("'\"")
    text = re.split(r"[\\/]", text)[-1]
    text = ALIGNER_ENDINGS.sub("", text) or text
    text = re.sub(r"(?<=^\d)\.0$|(?<=\d)\.0$", "", text)
    text = re.sub(r"^X(?=[\d._-])", "", text, flags=re.I)
    text = re.sub(r"[\s._-]+", ".", text).strip(".").casefold()
    return re.sub(r"(?<!\d)0+(?=\d)", "", text)


def aligner_names(names: Sequence[str]) -> list[str]:
    """Return sample names of a featureCounts table, which writes the path of each BAM file.

    The folder goes; so does the ending, as long as the names stay different.
    """
    bare = [re.split(r"[\\/]", name)[-1] for name in names]
    short = [ALIGNER_ENDINGS.sub("", name) or name for name in bare]
    for candidate in (short, bare):
        if len(set(candidate)) == len(set(names)):
            return candidate
    return list(names)


def match_samples(counts: RawTable, metadata: RawTable, *, findings: Findings) -> MatchReport:
    """Find orientation and identifier column by which most names are found in both files.

    Raises
    ------
    UnusableError
        If samples could stand in rows as well as in columns.
    """
    choices = _choices(counts, metadata)
    columns = [c for c in choices if c.orientation == "samples in columns"]
    rows = [c for c in choices if c.orientation == "samples in rows"]
    best_columns, best_rows = max(columns, key=_n_matched), max(rows, key=_n_matched)
    if best_columns.matched and len(best_columns.matched) == len(best_rows.matched):
        names = listing(best_columns.matched, most=3)
        findings.refuse(
            "ambiguous-orientation",
            place(counts.file),
            what=f"the sample names ({names}) are found among the names of the columns and of the rows, so "
            "rows and columns cannot be told apart",
            mend="Give samples names that are not names of genes, for example S1, S2, in both files",
        )
    chosen = max(best_columns, best_rows, key=_n_matched)
    if chosen.matched:
        chosen = _with_near(chosen, counts, metadata)
    else:
        # Comparing spellings is slow for tens of thousands of gene names: only where nothing matched.
        chosen = max((_with_near(c, counts, metadata) for c in choices), key=lambda c: len(c.near))
    first = metadata.names[0]
    if chosen.identifier != first and chosen.matched:
        found = len(set(chosen.matched) & set(metadata.text(0)))
        findings.notice(
            "identifier-column",
            f"{metadata.file}: samples were matched by column {chosen.identifier!r}, since it names "
            f"{count_of(chosen.matched, 'sample')} of {counts.file} and the first column, {first!r}, "
            f"names {found}.",
        )
    return chosen


def report_match(
    report: MatchReport, counts: RawTable, metadata: RawTable, findings: Findings, *, accept_near: bool
) -> MatchReport:
    """Put into words what matched and what did not; join near matches if that was agreed to."""
    if report.near and accept_near:
        pairs = listing(f"{a!r} = {b!r}" for a, b in report.near)
        findings.notice("near-match", f"Joined as agreed, although written differently: {pairs}.")
    elif report.near:
        _near_fault(report, counts.file, metadata.file, findings=findings)
    if not report.matched and not report.near:
        _no_match(report, counts, metadata, findings=findings)
    else:
        _left_out(report, counts.file, metadata.file, findings=findings)
    joined = tuple(b for _, b in report.near) if accept_near else ()
    return replace(report, matched=(*report.matched, *joined))


def sample_names(counts: RawTable, orientation: Orientation, name_column: int) -> list[str]:
    """Return what may be names of samples: columns that are no annotation, or the cells of a column."""
    if orientation == "samples in rows":
        return counts.text(name_column)
    known = [counts.is_text(i) or name.strip().lower() in ANNOTATION for i, name in enumerate(counts.names)]
    names = [name for name, annotation in zip(counts.names, known, strict=True) if not annotation]
    return aligner_names(names) if counts.flavour == "featurecounts" else names


def _choices(counts: RawTable, metadata: RawTable) -> list[MatchReport]:
    """Compare each metadata column that could name samples with each place of the counts that could."""
    texts = [i for i in range(1, min(len(counts.names), 50)) if counts.is_text(i)]
    places: list[tuple[Orientation, int]] = [("samples in columns", 0), ("samples in rows", 0)]
    places += [("samples in rows", i) for i in texts[:3]]
    identifiers = [i for i in range(len(metadata.names)) if i == 0 or _is_unique(metadata.text(i))]
    choices = []
    for orientation, column in places:
        names = set(_all_names(counts, orientation, column))
        for i in identifiers:
            matched = tuple(dict.fromkeys(name for name in metadata.text(i) if name and name in names))
            choices.append(MatchReport(orientation, metadata.names[i], matched, name_column=column))
    return choices


def _all_names(counts: RawTable, orientation: Orientation, column: int) -> list[str]:
    """Return names to match; text columns too, so that a sample with a word among its counts is found."""
    if orientation == "samples in rows" or counts.flavour == "featurecounts":
        return sample_names(counts, orientation, column)
    return counts.names


def _is_unique(values: Sequence[str]) -> bool:
    return len(set(values)) == len(values)


def _n_matched(report: MatchReport) -> int:
    return len(report.matched)


def _with_near(report: MatchReport, counts: RawTable, metadata: RawTable) -> MatchReport:
    """Add the names that are alike but not the same, and those that are in one file only."""
    found = set(report.matched)
    names = sample_names(counts, report.orientation, report.name_column)
    left = [name for name in dict.fromkeys(names) if name not in found]
    column = metadata.text(metadata.names.index(report.identifier))
    right = [name for name in dict.fromkeys(column) if name and name not in found]
    near = _near(left, right)
    near_left, near_right = {a for a, _ in near}, {b for _, b in near}
    return replace(
        report,
        near=near,
        only_counts=tuple(name for name in left if name not in near_left),
        only_metadata=tuple(name for name in right if name not in near_right),
    )


def _near(left: Iterable[str], right: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Pair names that mean the same one; a name that could mean several stays alone."""
    wanted = {canonical(name) for name in right}
    candidates = [(canonical(name), name) for name in left]
    candidates = [(key, name) for key, name in candidates if key in wanted]
    times_left = Counter(key for key, _ in candidates)
    times_right = Counter(canonical(name) for name in right)
    partner = {canonical(name): name for name in right}
    return tuple((a, partner[key]) for key, a in candidates if times_left[key] == 1 == times_right[key])


def _near_fault(report: MatchReport, counts: str, metadata: str, *, findings: Findings) -> None:
    pairs = listing((f"{a!r} → {b!r}" for a, b in report.near), most=8)
    findings.fault(
        "near-match",
        f"{counts} and {metadata}, column {report.identifier!r}",
        what=f"{count_of(report.near, 'sample is', 'samples are')} written differently in the two files",
        mend=f"Write them alike: {pairs}; or agree to join these pairs (--accept-near)",
    )


def _no_match(report: MatchReport, counts: RawTable, metadata: RawTable, *, findings: Findings) -> None:
    first = metadata.text(metadata.names.index(report.identifier))
    findings.fault(
        "no-match",
        f"{counts.file} and {metadata.file}",
        what=f"no sample is found in both: the counts have columns {listing(counts.names[1:], most=3)} "
        f"and rows {listing(counts.text(0), most=3)}, the metadata name {listing(first, most=3)}",
        mend="Put the sample names of the counts into the first column of the metadata, written alike",
    )


def _left_out(report: MatchReport, counts: str, metadata: str, *, findings: Findings) -> None:
    if names := report.only_counts:
        what = f"{count_of(names, 'sample')} of {counts} left out, for want of a row in {metadata}"
        findings.notice("unmatched-counts", f"{what}: {listing(names)}.", samples=names)
    if names := report.only_metadata:
        what = f"{count_of(names, 'row')} of {metadata} left out, for want of counts in {counts}"
        findings.notice("unmatched-metadata", f"{what}: {listing(names)}.", samples=names)
