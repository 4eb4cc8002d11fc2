"""Read count and metadata files as they are; what they mean is decided later, by matching them."""

from __future__ import annotations

from pathlib import Path

from core.cohort.reading import containers, delimited
from core.cohort.reading.content import read_content
from core.cohort.reading.findings import Findings, place
from core.cohort.reading.raw import RawTable

GENE_COLUMNS = (
    "gene_id", "geneid", "gene", "genes", "ensembl_gene_id", "ensembl_id", "ensembl", "ensemblid",
    "feature_id", "id", "name", "gene_name", "genename", "symbol", "gene_symbol", "genesymbol",
    "hgnc_symbol", "external_gene_name", "entrez", "entrezid", "entrez_id", "entrezgene",
)  # fmt: skip
SYMBOL_COLUMNS = (
    "gene_name", "genename", "symbol", "gene_symbol", "genesymbol", "hgnc_symbol", "external_gene_name",
)  # fmt: skip
OTHER_ANNOTATION = (
    "chr", "chrom", "chromosome", "seqnames", "start", "end", "strand", "length", "width", "gene_length",
    "band", "effective_length", "efflength", "description", "gene_description", "biotype", "gene_biotype",
    "gene_type", "class", "transcript_id", "transcript_id(s)", "tx", "type", "source",
)  # fmt: skip
ANNOTATION = frozenset((*GENE_COLUMNS, *SYMBOL_COLUMNS, *OTHER_ANNOTATION))
NAMING = frozenset(("sample", "sample_id", "sampleid", "samples", "run", "barcode", "patient", "subject"))


def read_counts(path: Path, findings: Findings) -> RawTable:
    """Read a count table: CSV, TSV (also gzipped), Parquet or h5ad, told apart by content.

    Raises
    ------
    UnusableError
        If there is no table to be had; the findings say why.
    """
    content = read_content(path, findings)
    if content.kind == "parquet":
        return containers.read_parquet(content, findings)
    if content.kind == "hdf5":
        return containers.read_h5ad_counts(content, findings)
    if content.kind == "excel":
        findings.refuse(
            "excel-file",
            place(content.file),
            what="this is an Excel workbook; counts are not read from Excel, which turns gene names such as "
            "MARCH1 into dates",
            mend="Give the CSV or TSV file that the counting program wrote, or save the sheet as 'CSV UTF-8' "
            "and check its gene names",
        )
    layout = delimited.find_layout(content, findings)
    known = ANNOTATION | NAMING
    text_columns = [i for i, name in enumerate(layout.names) if i == 0 or name.strip().lower() in known]
    table = delimited.read_numbers(content, layout, text_columns, findings=findings)
    return delimited.without_empty_columns(table)


def read_metadata(path: Path, findings: Findings) -> RawTable:
    """Read a metadata table with every cell as text: CSV, TSV (also gzipped), XLSX, Parquet or h5ad.

    Raises
    ------
    UnusableError
        If there is no table to be had; the findings say why.
    """
    content = read_content(path, findings)
    if content.kind == "parquet":
        return containers.read_parquet_metadata(content, findings)
    if content.kind == "hdf5":
        return containers.read_h5ad_metadata(content, findings)
    if content.kind == "text":
        layout = delimited.find_layout(content, findings)
        table = delimited.read_texts(content, layout, findings=findings)
    elif path.suffix.lower() in (".xlsx", ".xlsm"):
        table = containers.read_excel_metadata(content, findings)
    else:
        findings.refuse(
            "excel-file",
            place(content.file),
            what=f"this is an Excel workbook although its name ends in {path.suffix!r}",
            mend="Rename it so that it ends in .xlsx, or save it as 'CSV UTF-8' in Excel",
        )
    return delimited.without_empty_columns(table)
