from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.de.spec import DESpec
from core.errors import StoreError
from core.store import HERE, Draft, Entry, Store, default_root, result_key

SPEC = DESpec("group", "TRD", "non-TRD")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def write(draft: Draft) -> None:
    draft.write_table("table", pd.DataFrame({"gene": ["A", "B"], "p": [0.1, np.nan]}))
    draft.write_array("matrix", np.arange(6.0).reshape(2, 3))
    draft.run["seed"] = 1


def assert_whole(entry: Entry | None) -> None:
    assert entry is not None
    assert entry.run["seed"] == 1
    assert entry.table("table")["gene"].tolist() == ["A", "B"]
    assert entry.array("matrix").tolist() == [[0, 1, 2], [3, 4, 5]]


def test_an_entry_is_written_once_and_read_back(store: Store) -> None:
    assert store.get("k") is None
    assert store.keys() == []
    assert_whole(store.get_or_compute("k", write))

    def never(draft: Draft) -> None:
        pytest.fail("computed again")

    assert_whole(store.get_or_compute("k", never))
    assert_whole(Store(store.root).get("k"))
    assert store.keys() == ["k"]
    assert store.get("k", kind="cohorts") is None


def test_arrays_are_memory_mapped_and_read_only(store: Store) -> None:
    array = store.get_or_compute("k", write).array("matrix")
    assert isinstance(array, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        array[0, 0] = 7


def test_the_place_can_be_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRD_EXPLORER_STORE", str(tmp_path))
    assert Store().root == tmp_path
    monkeypatch.delenv("TRD_EXPLORER_STORE")
    assert default_root() == HERE / "data" / "store"


def test_keys_depend_on_data_spec_and_algorithm() -> None:
    keys = {
        result_key(dataset=dataset, spec=spec, algorithm=algorithm)
        for dataset in ("d", "e")
        for spec in (SPEC, DESpec("group", "non-TRD", "TRD"))
        for algorithm in ("1", "2")
    }
    assert len(keys) == 8


def test_a_failed_computation_leaves_nothing_and_the_next_may_try(store: Store) -> None:
    def fail(draft: Draft) -> None:
        write(draft)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.get_or_compute("k", fail)
    assert list((store.root / "results").iterdir()) == []
    assert_whole(store.get_or_compute("k", write))


def damage_truncate(folder: Path) -> None:
    path = folder / "table.parquet"
    path.write_bytes(path.read_bytes()[:-10])


def damage_flip(folder: Path) -> None:
    path = folder / "matrix.npy"
    content = bytearray(path.read_bytes())
    content[-3] ^= 0xFF
    path.write_bytes(content)


def damage_missing(folder: Path) -> None:
    (folder / "matrix.npy").unlink()


def damage_empty_run(folder: Path) -> None:
    (folder / "run.json").write_text("")


def damage_half_run(folder: Path) -> None:
    path = folder / "run.json"
    path.write_text(path.read_text()[:20])


def damage_foreign_run(folder: Path) -> None:
    (folder / "run.json").write_text('{"files": 3}')


def damage_no_run(folder: Path) -> None:
    (folder / "run.json").unlink()


@pytest.mark.parametrize(
    "damage",
    [
        damage_truncate,
        damage_flip,
        damage_missing,
        damage_empty_run,
        damage_half_run,
        damage_foreign_run,
        damage_no_run,
    ],
)
def test_a_damaged_entry_is_dropped_and_computed_again(store: Store, damage: object) -> None:
    folder = store.get_or_compute("k", write).folder
    damage(folder)
    fresh = Store(store.root)  # another process, which has not verified the entry yet
    assert fresh.get("k") is None
    assert (fresh.state("k"), fresh.state("other")) == ("damaged", "absent")
    assert_whole(fresh.get_or_compute("k", write))
    assert fresh.state("k") == "whole"


def test_a_file_cut_off_later_is_seen_by_who_verified_it_before(store: Store) -> None:
    damage_truncate(store.get_or_compute("k", write).folder)
    assert store.get("k") is None
    assert_whole(store.get_or_compute("k", write))


def test_threads_of_one_process_compute_once(store: Store) -> None:
    computed: list[int] = []

    def slow(draft: Draft) -> None:
        computed.append(1)
        time.sleep(0.1)
        write(draft)

    threads = [threading.Thread(target=store.get_or_compute, args=("k", slow)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert computed == [1]
    assert_whole(store.get("k"))


CHILD = """
import sys, time
from pathlib import Path
from core.store import Store
from tests.test_store import write

def compute(draft):
    write(draft)
    with Path(sys.argv[2]).open("a") as counter:
        counter.write("x")
    time.sleep(float(sys.argv[3]))

Store(Path(sys.argv[1])).get_or_compute("k", compute)
"""


def child(store: Store, counter: Path, seconds: float) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(store.root), str(counter), str(seconds)], cwd=HERE
    )


def test_two_processes_at_once_compute_once(store: Store, tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    both = [child(store, counter, 0.5) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert counter.read_text() == "x"
    assert_whole(store.get("k"))


def test_a_writer_killed_in_mid_write_loses_nothing_and_is_cleaned_up(store: Store, tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    writer = child(store, counter, 600)
    while not counter.exists():  # its files are written, the entry is not finished
        assert writer.poll() is None
        time.sleep(0.02)
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    assert len(list((store.root / "results").iterdir())) == 1
    assert store.get("k") is None
    assert store.keys() == []
    assert_whole(store.get_or_compute("k", write))
    assert [path.name for path in (store.root / "results").iterdir()] == ["k"]


def test_a_draft_that_a_killed_writer_left_is_no_entry(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.get_or_compute("key", lambda draft: draft.write_array("a", np.zeros(1)))
    shutil.copytree(tmp_path / "results" / "key", tmp_path / "results" / ".key.1.2")
    assert store.keys() == ["key"]


def test_what_is_discarded_is_absent(store: Store) -> None:
    store.get_or_compute("k", write)
    store.discard("k")
    store.discard("never")
    assert store.state("k") == "absent"


FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def filled(store: Store) -> Store:
    store.get_or_compute("k", write)
    return Store(store.root)


def test_a_store_that_cannot_be_written_is_read(filled: Store, read_only: None) -> None:
    assert_whole(filled.get("k"))
    assert_whole(filled.get_or_compute("k", write))
    assert filled.find("k", lambda entry: entry.run["seed"]) == 1
    assert (filled.keys(), filled.state("k"), filled.state("other")) == (["k"], "whole", "absent")


def test_a_store_that_cannot_be_written_says_so(filled: Store, read_only: None) -> None:
    with pytest.raises(StoreError, match=r"locks: read-only file system\. Allow .*TRD_EXPLORER_STORE"):
        filled.get_or_compute("other", write)
    with pytest.raises(StoreError), filled.locked("name"):
        pytest.fail("there is no lock")


def test_a_file_in_the_place_of_a_folder_is_told(filled: Store) -> None:
    shutil.rmtree(filled.root / "locks")
    (filled.root / "locks").touch()
    with pytest.raises(StoreError, match=r"locks: file exists\. Remove the file in its way"):
        filled.get_or_compute("other", write)
    assert_whole(filled.get("k"))


def test_what_fails_under_a_lock_is_not_the_lock(store: Store) -> None:
    with pytest.raises(OSError, match="No space"), store.locked("name"):
        raise FULL


def test_a_full_disk_is_told_and_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(*_: object) -> None:
        raise FULL

    with monkeypatch.context() as patched:
        patched.setattr("core.store._flush", fill)
        with pytest.raises(StoreError, match=r"no space left on device\. Free space there"):
            store.get_or_compute("k", write)
    assert list((store.root / "results").iterdir()) == []


@pytest.mark.parametrize("name", ["table.parquet", "matrix.npy"])
def test_a_table_or_an_array_that_does_not_fit_is_told(store: Store, name: str) -> None:
    def compute(draft: Draft) -> None:
        (draft.folder / name).symlink_to("/dev/full")
        write(draft)

    with pytest.raises(StoreError, match="Free space there"):
        store.get_or_compute("k", compute)
    assert store.state("k") == "absent"


def test_a_number_that_no_disk_gives_is_no_fault_of_the_store(store: Store) -> None:
    def cannot(draft: Draft) -> None:
        raise OSError(errno.ECONNREFUSED, "Connection refused")

    with pytest.raises(ConnectionRefusedError):
        store.get_or_compute("k", cannot)
