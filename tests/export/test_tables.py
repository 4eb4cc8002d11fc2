from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from core.export.provenance import Provenance
from core.export.tables import neutral, to_csv_bytes, to_gmt_bytes, to_xlsx_bytes

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"]


@pytest.fixture
def table() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    p = rng.random(50) ** 8
    p[0], p[1], p[2] = 0.0, np.nan, 5e-324
    return pd.DataFrame(
        {
            "gene": [f"ENSG{i:011d}" for i in range(50)],
            "symbol": ["MARCH1", "SEPT2", *[f"G{i}" for i in range(48)]],
            "log2FoldChange": rng.normal(size=50),
            "pvalue": p,
            "n": np.arange(50),
        }
    )


def sheet(data: bytes, name: str = "Genes") -> Worksheet:
    page = load_workbook(io.BytesIO(data))[name]
    assert isinstance(page, Worksheet)
    return page


def read_csv(data: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(data), comment="#", float_precision="round_trip", keep_default_na=True)


def test_csv_comes_back_exactly(table: pd.DataFrame, provenance: Provenance) -> None:
    pd.testing.assert_frame_equal(read_csv(to_csv_bytes(table, provenance)), table, check_exact=True)


def test_csv_ends_in_its_provenance(table: pd.DataFrame, provenance: Provenance) -> None:
    last = to_csv_bytes(table, provenance).decode().splitlines()[-1]
    assert last.startswith("# London; whole blood [0123456789ab]")
    assert "," not in last


def test_a_hash_in_a_name_is_no_comment(table: pd.DataFrame, provenance: Provenance) -> None:
    table.loc[0, "symbol"] = "A#1"
    pd.testing.assert_frame_equal(read_csv(to_csv_bytes(table, provenance)), table, check_exact=True)


def test_a_name_cannot_end_the_provenance_line(table: pd.DataFrame, provenance: Provenance) -> None:
    data = to_csv_bytes(table, replace(provenance, dataset='evil\n=1+1,"x'))
    assert len(data.decode().splitlines()) == len(table) + 2


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_runs_as_a_formula(text: str, provenance: Provenance) -> None:
    table = pd.DataFrame({"symbol": [text], text: [1.0]})
    assert neutral(text) == "'" + text
    read = pd.read_csv(io.BytesIO(to_csv_bytes(table, provenance)), comment="#", lineterminator="\n")
    assert [*read["symbol"], *read.columns[1:]] == ["'" + text] * 2
    for row in sheet(to_xlsx_bytes(table, provenance)).iter_rows():
        assert all(cell.data_type != "f" for cell in row)


def test_negative_numbers_stay_numbers(provenance: Provenance) -> None:
    table = pd.DataFrame({"log2FoldChange": [-1.5, 2.0]})
    assert b"\n-1.5\n" in to_csv_bytes(table, provenance)
    assert sheet(to_xlsx_bytes(table, provenance))["A2"].value == -1.5


def test_xlsx_holds_numbers_and_texts_as_they_are(table: pd.DataFrame, provenance: Provenance) -> None:
    page = sheet(to_xlsx_bytes(table, provenance))
    rows = list(page.iter_rows(values_only=True))
    assert rows[0] == tuple(table.columns)
    read = pd.DataFrame(rows[1:-1], columns=list(table.columns)).astype(table.dtypes.to_dict())
    # openpyxl writes 17 significant digits; the smallest of all numbers have fewer.
    pd.testing.assert_frame_equal(read, table, check_exact=False, rtol=1e-15, atol=0)


def test_xlsx_keeps_genes_from_becoming_dates(table: pd.DataFrame, provenance: Provenance) -> None:
    cell = sheet(to_xlsx_bytes(table, provenance))["B2"]
    assert (cell.value, cell.data_type, cell.number_format) == ("MARCH1", "s", "@")


def test_xlsx_says_where_it_comes_from(table: pd.DataFrame, provenance: Provenance) -> None:
    data = to_xlsx_bytes(table, provenance)
    assert sheet(data)[f"A{len(table) + 2}"].value == f"# {provenance.line()}"
    pairs = dict(sheet(data, "Provenance").iter_rows(values_only=True))
    assert pairs["Content hash"] == provenance.digest


def test_xlsx_takes_infinities_missing_and_control_characters(provenance: Provenance) -> None:
    table = pd.DataFrame({"x": [np.inf, -np.inf, np.nan], "s": ["a\x01b", None, "c"]})
    rows = list(sheet(to_xlsx_bytes(table, provenance)).iter_rows(min_row=2, max_row=4, values_only=True))
    assert rows == [("Inf", "ab"), ("'-Inf", None), (None, "c")]


def test_simulated_data_are_marked_in_every_row(table: pd.DataFrame, provenance: Provenance) -> None:
    marked = replace(provenance, simulated=True)
    assert (read_csv(to_csv_bytes(table, marked))["simulated"] == "yes").all()
    page = sheet(to_xlsx_bytes(table, marked))
    assert [page.cell(1, 6).value, page.cell(2, 6).value] == ["simulated", "yes"]
    assert "simulated" not in table


def test_empty_tables(table: pd.DataFrame, provenance: Provenance) -> None:
    nothing = table.iloc[:0]
    assert list(read_csv(to_csv_bytes(nothing, provenance)).columns) == list(table.columns)
    assert sheet(to_xlsx_bytes(nothing, provenance))["A2"].value.startswith("# ")


def test_gmt_is_one_line_of_fields() -> None:
    data = to_gmt_bytes("my\tbasket", ["IFIT3", "", "MX1", "IFIT3"], description="a\nb")
    assert data == b"my basket\ta b\tIFIT3\tMX1\n"
    assert to_gmt_bytes("", [], description="") == b"genes\tna\n"
