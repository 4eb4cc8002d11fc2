"""Broken gene-set files: each is refused with all its faults, named with place and mend."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import Fault, InputError
from core.pathways.sets.gmt import read_gmt
from core.pathways.sets.model import Collection, sets_digest

TESTED = ("CD19", "CD3E", "IFIT1", "IFIT3", "IL6", "ISG15", "MX1", "TNF", "TP53")
GOOD = "interferon\thttp://x\tIFIT1\tIFIT3\tMX1\ncytokines\t\tIL6\tTNF\n"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(content: str | bytes, name: str = "my.gmt") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return _write


def read(path: Path, tested: tuple[str, ...] = TESTED) -> Collection:
    return read_gmt(path, known_symbols=tested)


def faults(path: Path, tested: tuple[str, ...] = TESTED) -> tuple[Fault, ...]:
    with pytest.raises(InputError) as caught:
        read(path, tested)
    for fault in caught.value.faults:
        assert fault.where.startswith(path.name)
        assert fault.what
        assert fault.mend
        assert not fault.line().endswith("..")
    return caught.value.faults


def codes(path: Path, tested: tuple[str, ...] = TESTED) -> list[str]:
    return [fault.code for fault in faults(path, tested)]


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


class TestGoodFiles:
    def test_sets_and_identity(self, write: Write):
        collection = read(write(GOOD))
        assert collection.sets == {"cytokines": ("IL6", "TNF"), "interferon": ("IFIT1", "IFIT3", "MX1")}
        assert (collection.name, collection.title) == ("my", "my.gmt")
        assert collection.version == f"sha256 {sets_digest(collection.sets)[:12]}"
        assert collection.notices == ()

    @pytest.mark.parametrize(
        "content",
        [
            gzip.compress(GOOD.encode()),
            GOOD.replace("\n", "\r\n"),
            GOOD.replace("\n", "\r"),
            b"\xef\xbb\xbf" + GOOD.encode(),
            GOOD + "\n\n",
            GOOD.replace("\tTNF", "\tTNF\t\t\t"),
            GOOD.replace("IL6\tTNF", "TNF \t IL6"),
            "".join(reversed(GOOD.splitlines(keepends=True))),
        ],
        ids=[
            "gzip",
            "windows",
            "old-mac",
            "mark",
            "blank-lines",
            "trailing-tabs",
            "spaces-around",
            "shuffled",
        ],
    )
    def test_layout_that_means_the_same_gives_the_same_sets(self, write: Write, content: str | bytes):
        assert read(write(content)).sets == read(write(GOOD, "reference.gmt")).sets

    def test_the_ending_does_not_enter_the_name(self, write: Write):
        assert read(write(gzip.compress(GOOD.encode()), "a.b.gmt.gz")).name == "a.b"
        assert read_gmt(write(GOOD), known_symbols=TESTED, name="mine").name == "mine"

    def test_a_set_named_like_its_description_is_fine(self, write: Write):
        assert read(write("TP53\tTP53\tIL6\tTNF\n")).sets == {"TP53": ("IL6", "TNF")}


class TestNotices:
    def test_old_symbols_are_updated_and_told(self, write: Write):
        collection = read(write("s\t\tNGFRAP1\tIL6\n"), (*TESTED, "BEX3"))
        assert collection.sets == {"s": ("BEX3", "IL6")}
        assert [notice.code for notice in collection.notices] == ["replaced-symbols"]

    def test_a_gene_named_twice_counts_once_and_is_told(self, write: Write):
        collection = read(write("s\t\tIL6\tTNF\tIL6\n"))
        assert collection.sets == {"s": ("IL6", "TNF")}
        (notice,) = collection.notices
        assert notice.code == "repeated-gene"
        assert "IL6 in 's'" in notice.message

    def test_untested_genes_and_sets_are_counted(self, write: Write):
        collection = read(write("a\t\tIL6\tGAPDH\nb\t\tACTB\n"))
        assert [notice.code for notice in collection.notices] == ["untested-genes", "untested-sets"]
        assert "2 of 3 genes are not among the tested genes" in collection.notices[0].message
        assert "1 set has no tested gene (b)" in collection.notices[1].message

    def test_dates_made_by_a_spreadsheet_are_told(self, write: Write):
        collection = read(write("a\t\tIL6\tTNF\t1-Mar\n"))
        assert "excel-date-gene" in [notice.code for notice in collection.notices]


class TestFilesThatAreNoText:
    @pytest.mark.parametrize(
        ("content", "name", "code"),
        [
            (b"", "my.gmt", "empty-file"),
            ("\n \n\t\n", "my.gmt", "empty-file"),
            (gzip.compress(GOOD.encode() * 50, mtime=0)[:-20], "my.gmt.gz", "cut-off"),
            (b"\x1f\x8b\x08\x00 not gzip at all", "my.gmt.gz", "cut-off"),
            (zipped(), "my.xlsx", "not-a-table"),
            (zipped(), "my.gmt", "not-a-table"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "my.gmt", "excel-file"),
            (b"s\t\tIL6\x00\x01\x02\tTNF\n", "my.gmt", "not-a-table"),
            ("<!DOCTYPE html>\n<html><body>Log in</body></html>", "my.gmt", "not-a-table"),
            ("<html>\n<title>404</title></html>", "my.gmt", "not-a-table"),
            ("Müdigkeit\t\tIL6\n".encode("latin-1"), "my.gmt", "encoding"),
            ('{"HALLMARK_X": {"geneSymbols": ["IL6"]}}', "my.gmt", "not-a-gmt"),
        ],
    )
    def test_one_clear_fault(self, write: Write, content: str | bytes, name: str, code: str):
        assert codes(write(content, name)) == [code]

    def test_a_missing_file_and_a_folder(self, tmp_path: Path):
        assert codes(tmp_path / "absent.gmt") == ["unreadable"]
        (tmp_path / "folder.gmt").mkdir()
        assert codes(tmp_path / "folder.gmt") == ["unreadable"]

    def test_the_mend_speaks_of_gene_sets(self, write: Write):
        (fault,) = faults(write(zipped(), "my.xlsx"))
        assert "GMT" in fault.mend
        assert "Excel" in fault.what


class TestLayout:
    @pytest.mark.parametrize(
        ("content", "code"),
        [
            ("a  http://x  IL6 TNF\nb http://x  MX1\n", "spaces-for-tabs"),
            ("a\tnone\tIL6 TNF MX1\n", "spaces-for-tabs"),
            ("a,none,IL6,TNF\n", "commas-for-tabs"),
            ("a;none;IL6;TNF\n", "commas-for-tabs"),
            ("a\tnone\tIL6,TNF,MX1\n", "commas-for-tabs"),
            ("a\tnone\tIL6,1.0\tTNF,0.5\n", "weights"),
            ("\tnone\tIL6\tTNF\n", "no-set-name"),
            ("a\tnone\n", "empty-set"),
            ("a\tnone\t\t\t\n", "empty-set"),
            ("a\nb\t\tIL6\n", "empty-set"),
            ("a\t\tIL6\na\t\tTNF\n", "duplicate-set"),
            ("a\tIL6\tTNF\nb\tMX1\tIFIT1\tIFIT3\n", "no-description"),
            ("IL6\nTNF\nMX1\n", "gene-list"),
            ("a\tb\nna\tna\nIL6\tMX1\nTNF\tIFIT1\n", "transposed"),
        ],
    )
    def test_one_clear_fault(self, write: Write, content: str, code: str):
        assert codes(write(content)) == [code]

    def test_rows_are_named_as_in_the_file(self, write: Write):
        (fault,) = faults(write("a\t\tIL6\n\nb\tnone\nc\t\tTNF\nd\n"))
        assert fault.where == "my.gmt, rows 3, 5"
        assert fault.what == "2 sets have no genes ('b', 'd')"

    def test_all_faults_come_at_once(self, write: Write):
        content = "a\t\tIL6\tTNF\na\t\tMX1\nb\tnone\nc  none  IL6 TNF\nd\t\t7124\t3569\n\t\tIL6\n"
        assert sorted(codes(write(content))) == [
            "duplicate-set",
            "empty-set",
            "entrez-identifiers",
            "no-set-name",
            "spaces-for-tabs",
        ]

    def test_a_thousand_bad_lines_make_one_short_fault(self, write: Write):
        (fault,) = faults(write("".join(f"s{i}  none  IL6\n" for i in range(1000))))
        assert fault.where == "my.gmt, rows 1, 2, 3, 4, 5 and 995 more"


class TestIdentifiers:
    @pytest.mark.parametrize(
        ("genes", "code"),
        [
            ("7124\t3569\t4599", "entrez-identifiers"),
            ("ENSG00000136244\tENSG00000232810.5", "ensembl-identifiers"),
            ("Ifit1\tIfit3\tMx1\tTrp53", "mouse-symbols"),
            ("H2-Ab1\tH2-Aa\tCd74", "mouse-symbols"),
            ("ENSMUSG00000024401\tENSMUSG00000025746", "mouse-symbols"),
            ("il6\ttnf\tmx1", "lower-case-symbols"),
            ("NM_000594\tNM_000600.5", "refseq-identifiers"),
            ("205207_at\t207113_s_at", "probe-identifiers"),
        ],
    )
    def test_the_kind_is_recognised(self, write: Write, genes: str, code: str):
        (fault,) = faults(write(f"s\tnone\t{genes}\n"))
        assert fault.code == code
        assert genes.split("\t")[0] in fault.what

    def test_one_bad_set_among_good_ones_is_found(self, write: Write):
        (fault,) = faults(write(GOOD + "z\tnone\t7124\t3569\n"))
        assert (fault.code, fault.where) == ("entrez-identifiers", "my.gmt, row 3")

    def test_a_stray_number_among_symbols_is_only_told(self, write: Write):
        collection = read(write("s\t\tIL6\tTNF\t7124\n"))
        assert [notice.code for notice in collection.notices] == ["untested-genes"]

    def test_human_symbols_with_small_letters_are_no_mouse_symbols(self, write: Write):
        collection = read(write("s\t\tC1orf115\tC9orf72\tIL6\n"))
        assert "C9orf72" in collection.sets["s"]

    def test_what_the_data_themselves_use_is_never_refused(self, write: Write):
        mouse = ("Ifit1", "Ifit3", "Mx1")
        assert read(write("s\t\tIfit1\tMx1\n"), mouse).sets == {"s": ("Ifit1", "Mx1")}


class TestOverlap:
    def test_none_at_all_is_refused_with_examples_of_both(self, write: Write):
        (fault,) = faults(write("s\t\tGAPDH\tACTB\n"))
        assert fault.code == "no-overlap"
        assert "ACTB, GAPDH" in fault.what
        assert "CD19" in fault.what

    def test_no_tested_genes_at_all(self, write: Write):
        assert codes(write(GOOD), ()) == ["no-overlap"]

    def test_overlap_only_through_an_old_name_is_enough(self, write: Write):
        assert read(write("s\t\tNGFRAP1\n"), ("BEX3",)).sets == {"s": ("BEX3",)}
