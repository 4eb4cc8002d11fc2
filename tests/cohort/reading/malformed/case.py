"""What a malformed input is, and helpers that spoil sound files."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pandas as pd

from tests.cohort.files import GENES, SAMPLES, counts_csv, counts_table, metadata_csv, metadata_table

Content = str | bytes | Callable[[Path], None] | None


@dataclass(frozen=True)
class Case:
    """One malformed pair of files: the spoilt one is given, the other is sound.

    `where` and `mend` are parts of the fault's sentences that must be there.
    """

    name: str
    code: str
    where: tuple[str, ...]
    mend: str
    counts: Content = None
    metadata: Content = None
    counts_name: str = "counts.csv"
    metadata_name: str = "metadata.csv"
    options: tuple[str, ...] = ()


def changed_counts(change: Callable[[pd.DataFrame], pd.DataFrame | None], *, text: bool = False) -> str:
    table = counts_table().astype(object) if text else counts_table().astype(float)
    changed = change(table)
    return counts_csv(table if changed is None else changed)


def one_cell(value: object, gene: str = "FKBP5", sample: str = "S3") -> str:
    table = counts_table().astype(object)
    table.loc[gene, sample] = value
    return counts_csv(table)


def changed_metadata(**columns: object) -> str:
    return metadata_csv(metadata_table().assign(**columns))


def renamed(**names: str) -> str:
    return metadata_csv(metadata_table().assign(sample=[names.get(s, s) for s in SAMPLES]))


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def metadata_rows() -> list[list[object]]:
    return [list(metadata_table().columns), *metadata_table().to_numpy(dtype=object).tolist()]


def zip_archive() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("metadata.csv", metadata_csv())
    return stream.getvalue()


def tar() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        member = tarfile.TarInfo("counts.csv")
        member.size = len(counts_csv())
        archive.addfile(member, io.BytesIO(counts_csv().encode()))
    return stream.getvalue()


def parquet() -> bytes:
    stream = io.BytesIO()
    counts_table().to_parquet(stream)
    return stream.getvalue()


def damaged(data: bytes) -> bytes:
    """Return a file with a stretch of nonsense in its first third."""
    start = len(data) // 4
    return data[:start] + b"\xa5" * 40 + data[start + 40 :]


def damaged_gzip() -> bytes:
    return damaged(gzip.compress(counts_csv().encode()))


def sparse_file(path: Path) -> None:
    with path.open("wb") as handle:
        handle.write(b"gene,S1,S2\n")
        handle.truncate(2_100_000_000)


def symlink_loop(path: Path) -> None:
    path.symlink_to(path.name)


def empty_h5ad(path: Path) -> None:
    import anndata

    anndata.AnnData(obs=metadata_table().set_index("sample")).write_h5ad(path)


def drop_line(text: str, row: int, *, cells: int) -> str:
    """Return a text whose given row (1 is the header) has lost its last cells."""
    lines = text.splitlines()
    lines[row - 1] = ",".join(lines[row - 1].split(",")[:-cells])
    return "\n".join(lines) + "\n"


def normalised() -> str:
    table = counts_table() * 1.2345
    return counts_csv(table.round(4))


def tpm() -> str:
    table = counts_table()
    return counts_csv((table / table.sum() * 1e6).round(6))


def salmon_tpm() -> str:
    table = counts_table()
    table = (table / table.sum() * 1e6).round(6)
    table.insert(0, "gene_name", GENES)
    return counts_csv(table.rename_axis("gene_id"), sep="\t")


def set_column(column: str, value: object) -> Callable[[pd.DataFrame], None]:
    def change(table: pd.DataFrame) -> None:
        table[column] = value

    return change


def renamed_samples(**names: str) -> str:
    return counts_csv(counts_table().rename(columns=names))


def first_rows(n: int) -> str:
    return metadata_csv(metadata_table().iloc[:n])
