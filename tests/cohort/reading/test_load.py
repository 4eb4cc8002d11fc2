"""A cohort is the same whatever the format, order and layout of its files."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import anndata
import h5py
import numpy as np
import pandas as pd
import pytest

from core.cohort.model import Cohort, Roles, content_hash
from core.cohort.reading.load import inspect_cohort
from core.cohort.stored import get_cohort, put_cohort
from core.errors import InputError
from core.store import Store
from tests.cohort.files import (
    GENES,
    SAMPLES,
    counts_csv,
    counts_table,
    metadata_csv,
    metadata_table,
    sound_files,
    write,
)


def codes(cohort: Cohort) -> list[str]:
    return [notice.code for notice in cohort.notices]


def message(cohort: Cohort, code: str) -> str:
    return next(notice.message for notice in cohort.notices if notice.code == code)


@pytest.fixture
def reference(tmp_path: Path) -> str:
    return content_hash(inspect_cohort(*sound_files(tmp_path)).usable())


def _csv(path: Path) -> None:
    path.write_text(counts_csv())


def _transposed(path: Path) -> None:
    path.write_text(counts_csv(counts_table().T.rename_axis("sample")))


def _shuffled(path: Path) -> None:
    path.write_text(
        counts_csv(counts_table().sample(frac=1, random_state=1).sample(frac=1, axis=1, random_state=2))
    )


def _gzip_under_another_name(path: Path) -> None:
    path.write_bytes(gzip.compress(counts_csv().encode()))


def _windows(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + counts_csv().replace("\n", "\r\n").encode())


def _utf16(path: Path) -> None:
    path.write_bytes(counts_csv(sep="\t").encode("utf-16"))


def _semicolons(path: Path) -> None:
    path.write_text(counts_csv(sep=";"))


def _from_r(path: Path) -> None:
    path.write_text(counts_csv(sep=" ").replace(" ", "\t").split("\t", 1)[1])


def _quoted(path: Path) -> None:
    counts_table().to_csv(path, quoting=1)


def _floats(path: Path) -> None:
    counts_table().astype(float).to_csv(path)


def _blank_lines(path: Path) -> None:
    path.write_text("# made by hand\n\n" + counts_csv().replace("\nFKBP5", "\n\nFKBP5") + "\n\n")


def _trailing_commas(path: Path) -> None:
    path.write_text(counts_csv().replace("\n", ",,\n"))


def _gct(path: Path) -> None:
    table = counts_table().rename_axis("Name")
    table.insert(0, "Description", [f"gene {i}" for i in range(len(GENES))])
    path.write_text(f"#1.2\n{len(GENES)}\t{len(SAMPLES)}\n" + counts_csv(table, sep="\t"))


def _parquet(path: Path) -> None:
    counts_table().to_parquet(path)


def _parquet_plain(path: Path) -> None:
    counts_table().reset_index().to_parquet(path, index=False)


def _h5ad(path: Path) -> None:
    table = counts_table().T
    anndata.AnnData(table.astype(np.float32)).write_h5ad(path)


def _h5ad_transposed(path: Path) -> None:
    anndata.AnnData(counts_table().astype(np.float32)).write_h5ad(path)


def _h5ad_layer(path: Path) -> None:
    table = counts_table().T.astype(np.float64)
    anndata.AnnData(np.log1p(table), layers={"counts": table.to_numpy()}).write_h5ad(path)


def _feature_counts(path: Path) -> None:
    table = counts_table().rename(columns={s: f"/data/run 1/{s}.sorted.bam" for s in SAMPLES})
    for name in ("Length", "Strand", "End", "Start", "Chr"):
        table.insert(0, name, "1;1" if name == "Chr" else "+;+" if name == "Strand" else 77)
    path.write_text(
        "# Program:featureCounts v2.0.1; Command:x\n" + counts_csv(table.rename_axis("Geneid"), sep="\t")
    )


def _htseq(path: Path) -> None:
    path.write_text(counts_csv() + "__no_feature" + ",9" * 8 + "\n__ambiguous" + ",4" * 8 + "\n")


def _star(path: Path) -> None:
    rows = "".join(
        f"N_{name}" + ",9" * 8 + "\n" for name in ("unmapped", "multimapping", "noFeature", "ambiguous")
    )
    header, body = counts_csv().split("\n", 1)
    path.write_text(f"{header}\n{rows}{body}")


def _numbered(path: Path) -> None:
    counts_table().rename_axis("gene_id").reset_index().to_csv(path)


LAYOUTS = [
    _csv, _transposed, _shuffled, _gzip_under_another_name, _windows, _utf16, _semicolons, _from_r, _quoted,
    _floats, _blank_lines, _trailing_commas, _gct, _parquet, _parquet_plain, _h5ad, _h5ad_transposed,
    _h5ad_layer, _feature_counts, _htseq, _star, _numbered,
]  # fmt: skip


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda function: function.__name__.strip("_"))
def test_layout_of_counts_does_not_matter(
    layout: Callable[[Path], None], tmp_path: Path, reference: str
) -> None:
    path = tmp_path / "data"
    layout(path)
    cohort = inspect_cohort(path, tmp_path / "metadata.csv").usable()
    assert content_hash(cohort) == reference
    assert list(cohort.genes["gene"]) == sorted(GENES)
    expected = counts_table().loc[sorted(GENES), sorted(SAMPLES)].to_numpy()
    np.testing.assert_array_equal(cohort.counts, expected)


def test_a_damaged_h5ad_is_a_fault_wherever_anndata_keeps_its_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "counts.h5ad").write_bytes(b"\x89HDF\r\n\x1a\n" + b"\x00" * 200)
    (tmp_path / "metadata.csv").write_text(metadata_csv())
    monkeypatch.delattr(anndata, "_io")
    with pytest.raises(InputError) as raised:
        inspect_cohort(tmp_path / "counts.h5ad", tmp_path / "metadata.csv").usable()
    assert "damaged" in {fault.code for fault in raised.value.faults}


def test_an_h5ad_of_a_later_version_is_a_fault(tmp_path: Path) -> None:
    _h5ad(tmp_path / "counts.h5ad")
    (tmp_path / "metadata.csv").write_text(metadata_csv())
    with h5py.File(tmp_path / "counts.h5ad", "r+") as file:
        file["X"].attrs["encoding-version"] = "9.9"
    with pytest.raises(InputError) as raised:
        inspect_cohort(tmp_path / "counts.h5ad", tmp_path / "metadata.csv").usable()
    assert [fault.where for fault in raised.value.faults if fault.code == "damaged"] == ["counts.h5ad"]


def _metadata_xlsx(path: Path) -> None:
    metadata_table().to_excel(path, index=False)


def _metadata_h5ad(path: Path) -> None:
    obs = metadata_table().set_index("sample")
    anndata.AnnData(np.zeros((len(SAMPLES), 1)), obs=obs).write_h5ad(path)


METADATA = {
    "shuffled.csv": lambda path: path.write_text(
        metadata_csv(metadata_table().sample(frac=1, random_state=3))
    ),
    "tabs.tsv": lambda path: path.write_text(metadata_csv(sep="\t")),
    "packed.csv.gz": lambda path: path.write_bytes(gzip.compress(metadata_csv().encode())),
    "book.xlsx": _metadata_xlsx,
    "table.parquet": lambda path: metadata_table().to_parquet(path),
    "obs.h5ad": _metadata_h5ad,
    "blank rows.csv": lambda path: path.write_text(metadata_csv() + ",,,,\n,,,,\n"),
    "moved identifier.csv": lambda path: path.write_text(
        metadata_csv(metadata_table()[["group", "age", "sample", "sex", "centre"]])
    ),
}


@pytest.mark.parametrize("name", METADATA)
def test_layout_of_metadata_does_not_matter(name: str, tmp_path: Path, reference: str) -> None:
    METADATA[name](tmp_path / name)
    cohort = inspect_cohort(tmp_path / "counts.csv", tmp_path / name).usable()
    assert content_hash(cohort) == reference
    assert ("identifier-column" in codes(cohort)) == (name == "moved identifier.csv")


def test_wide_files_are_read_alike(tmp_path: Path) -> None:
    genes = tuple(f"ENSG{i:011d}" for i in range(3_000))
    table = counts_table(SAMPLES, genes)
    write(tmp_path, "tall.csv", counts_csv(table))
    write(tmp_path, "wide.csv", counts_csv(table.T.rename_axis("sample")))
    table.T.to_csv(tmp_path / "quoted.csv", quoting=1)
    write(tmp_path, "metadata.csv", metadata_csv())
    hashes = {
        content_hash(inspect_cohort(tmp_path / f, tmp_path / "metadata.csv").usable())
        for f in ("tall.csv", "wide.csv", "quoted.csv")
    }
    assert len(hashes) == 1


def test_identifiers_keep_leading_zeros_in_rows_and_columns(tmp_path: Path) -> None:
    samples = tuple(f"{i:03d}" for i in range(1, 9))
    write(tmp_path, "columns.csv", counts_csv(counts_table(samples)))
    write(tmp_path, "rows.csv", counts_csv(counts_table(samples).T.rename_axis("sample")))
    write(tmp_path, "metadata.csv", metadata_csv(metadata_table(samples)))
    one = inspect_cohort(tmp_path / "columns.csv", tmp_path / "metadata.csv").usable()
    other = inspect_cohort(tmp_path / "rows.csv", tmp_path / "metadata.csv").usable()
    assert list(one.samples) == list(samples)
    assert content_hash(one) == content_hash(other)


def test_types_of_metadata(tmp_path: Path) -> None:
    table = metadata_table().assign(
        episodes=range(8),
        bmi=["21.5", "NA", *["30"] * 6],
        site=["01", "02"] * 4,
        note=["", "late", *[""] * 6],
    )
    write(tmp_path, "counts.csv", counts_csv())
    metadata = (
        inspect_cohort(tmp_path / "counts.csv", write(tmp_path, "m.csv", metadata_csv(table)))
        .usable()
        .metadata
    )
    assert metadata["episodes"].dtype == np.int64
    assert metadata["age"].dtype == np.float64
    assert np.isnan(metadata.loc["S2", "bmi"])
    assert list(metadata["site"][:2]) == ["01", "02"]
    assert metadata.loc["S1", "note"] is None


def test_near_matches_are_joined_on_request_only(tmp_path: Path) -> None:
    counts = write(
        tmp_path, "counts.csv", counts_csv(counts_table().rename(columns={"S1": "X1.a", "S2": "s2 "}))
    )
    ids = ["1-a", *SAMPLES[1:]]
    metadata = write(tmp_path, "metadata.csv", metadata_csv(metadata_table().assign(sample=ids)))
    with pytest.raises(InputError, match=r"'X1\.a' → '1-a', 's2 ' → 'S2'"):
        inspect_cohort(counts, metadata).usable()
    cohort = inspect_cohort(counts, metadata, accept_near=True).usable()
    assert sorted(cohort.samples) == sorted(ids)
    np.testing.assert_array_equal(
        cohort.counts[:, list(cohort.samples).index("1-a")], counts_table().loc[sorted(GENES), "S1"]
    )
    assert "near-match" in codes(cohort)


def test_samples_in_one_file_only_are_left_out_and_named(tmp_path: Path) -> None:
    counts = write(tmp_path, "counts.csv", counts_csv(counts_table().drop(columns="S2")))
    metadata = write(tmp_path, "metadata.csv", metadata_csv(metadata_table().iloc[:6]))
    found = inspect_cohort(counts, metadata)
    notices = {notice.code: notice.samples for notice in found.notices}
    assert notices["unmatched-counts"] == ("S7", "S8")
    assert notices["unmatched-metadata"] == ("S2",)
    assert found.usable().samples.tolist() == ["S1", "S3", "S4", "S5", "S6"]


def test_a_file_given_twice_is_refused(tmp_path: Path) -> None:
    counts, _ = sound_files(tmp_path)
    assert [fault.code for fault in inspect_cohort(counts, counts).faults] == ["same-file"]


def test_all_faults_of_both_files_at_once(tmp_path: Path) -> None:
    table = counts_table().astype(object)
    table.loc["TP53", "S1"], table.loc["IL6", "S4"], table.loc["TNF", "S5"] = "low", -2, ""
    metadata = metadata_table().assign(age=[f"{i},5" for i in range(8)])
    text = metadata_csv(pd.concat([metadata, metadata.iloc[[3]]]), sep=";")
    found = inspect_cohort(write(tmp_path, "c.csv", counts_csv(table)), write(tmp_path, "m.csv", text))
    assert {fault.code for fault in found.faults} == {
        "text-in-counts", "negative-count", "missing-count", "duplicate-identifier", "decimal-comma",
    }  # fmt: skip


def test_long_lists_are_cut(tmp_path: Path) -> None:
    samples = tuple(f"P{i:02d}" for i in range(40))
    counts = write(tmp_path, "c.csv", counts_csv(-counts_table(samples)))
    found = inspect_cohort(counts, write(tmp_path, "m.csv", metadata_csv(metadata_table(samples))))
    assert [fault.code for fault in found.faults] == ["negative-count"]
    assert "1,200 cells" in found.faults[0].what
    assert "P04 and 35 more" in found.faults[0].what


def test_estimated_counts_of_salmon_are_rounded_with_a_notice(tmp_path: Path) -> None:
    table = counts_table().astype(float)
    table.iloc[::3] += 0.4
    table.insert(0, "gene_name", GENES)
    table.index = pd.Index([f"ENSG{90_000_000_000 + i}.{i}" for i in range(len(GENES))], name="gene_id")
    counts = write(tmp_path, "salmon.merged.gene_counts.tsv", counts_csv(table, sep="\t"))
    cohort = inspect_cohort(counts, write(tmp_path, "m.csv", metadata_csv())).usable()
    np.testing.assert_array_equal(cohort.counts, counts_table().to_numpy())
    assert "rounded" in message(cohort, "non-integer")
    assert list(cohort.genes["symbol"]) == list(GENES)


def test_simulated_data_are_marked(tmp_path: Path) -> None:
    counts, _ = sound_files(tmp_path)
    marked = write(tmp_path, "marked.csv", metadata_csv(metadata_table().assign(simulated="yes")))
    partly = write(
        tmp_path, "partly.csv", metadata_csv(metadata_table().assign(simulated=["yes", *["no"] * 7]))
    )
    cohort = inspect_cohort(counts, marked).usable()
    assert cohort.simulated
    assert "simulated" not in cohort.metadata
    assert not inspect_cohort(counts, partly).usable().simulated


def test_a_column_called_sample_survives_the_store(tmp_path: Path) -> None:
    table = metadata_table().rename(columns={"sample": "run"})
    table.insert(1, "sample", [f"tube {i}" for i in range(8)])
    counts, _ = sound_files(tmp_path)
    cohort = inspect_cohort(
        counts, write(tmp_path, "m.csv", metadata_csv(table)), roles=Roles(sex="sex")
    ).usable()
    store = Store(tmp_path / "store")
    again = get_cohort(store, put_cohort(store, cohort))
    pd.testing.assert_frame_equal(again.metadata, cohort.metadata)
    assert content_hash(again) == content_hash(cohort)
    assert again.roles.sex == "sex"


def test_too_large_when_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.cohort.reading.content.LARGEST_TEXT", 500)
    counts = write(tmp_path, "counts.csv.gz", gzip.compress(counts_csv().encode()))
    found = inspect_cohort(counts, write(tmp_path, "m.csv", metadata_csv()))
    assert [fault.code for fault in found.faults] == ["too-large"]
    counts_table().to_parquet(tmp_path / "counts.parquet")
    found = inspect_cohort(tmp_path / "counts.parquet", tmp_path / "m.csv")
    assert [fault.code for fault in found.faults] == ["too-large"]
    assert "30 × 9 numbers" in found.faults[0].what


def test_reading_leaves_no_large_file_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    with path.open("wb") as handle:
        handle.truncate(3_000_000_000)
    found = inspect_cohort(path, write(tmp_path, "m.csv", metadata_csv()))
    assert found.faults[0].what == "the file has 3.0 GB; the limit is 0.5 GB"
    assert path.stat().st_size == 3_000_000_000


REAL = {
    "airway": (64_102, 8, "human Ensembl identifiers"),
    "brazil_household": (25_369, 51, "human gene symbols"),
    "geuvadis_sex": (10_101, 85, "human Ensembl identifiers"),
    "london_tb": (58_051, 54, "human Ensembl identifiers"),
    "pasilla": (14_599, 7, "fly (FlyBase) identifiers"),
}


@pytest.mark.parametrize("name", REAL)
def test_real_cohorts_load(name: str, shared_data: Path) -> None:
    folder = shared_data / name
    n_genes, n_samples, kind = REAL[name]
    cohort = inspect_cohort(folder / "counts.csv.gz", folder / "metadata.csv", name=name).usable()
    given = pd.read_csv(folder / "counts.csv.gz", index_col=0).sort_index()
    assert cohort.counts.shape == (n_genes, n_samples)
    assert list(cohort.genes["gene"]) == sorted(given.index)
    np.testing.assert_array_equal(cohort.counts, given.loc[cohort.genes["gene"], cohort.samples])
    assert kind in message(cohort, "identifier-kind")
    assert not {"near-match", "unmatched-counts", "repeated-gene"} & set(codes(cohort))
