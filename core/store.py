"""Content-addressed results on disk, shared by sessions and processes.

An entry is a folder of Parquet tables and ``.npy`` arrays with a ``run.json`` that
lists every file with its size and sha256. It is written under a temporary name and
renamed whole, so a reader sees all of it or nothing; an entry that no longer matches
its ``run.json`` is dropped and computed again. No pickle anywhere.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.errors import StoreError
from core.processes.disk import cause_of, mend_of
from core.processes.stopping import finish, in_the_making
from core.spec import Spec, canonical

HERE = Path(__file__).resolve().parent.parent
RUN = "run.json"
T = TypeVar("T")
State = Literal["absent", "damaged", "whole"]


def default_root() -> Path:
    """Return the folder of the store: ``$TRD_EXPLORER_STORE``, else ``data/store``."""
    return Path(os.environ.get("TRD_EXPLORER_STORE") or HERE / "data" / "store")


def result_key(*, dataset: str, spec: Spec, algorithm: str) -> str:
    """Return the key of a result: sha256 of data set, algorithm version, and what of the settings is set.

    Fields at their default do not enter: a new option leaves earlier results valid.
    """
    parts = (dataset, canonical(spec.changed()), algorithm)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@dataclass(frozen=True)
class Entry:
    """A complete, verified entry of the store."""

    key: str
    folder: Path
    run: dict[str, Any]

    def table(self, name: str) -> pd.DataFrame:
        """Read a table."""
        return pd.read_parquet(self.folder / f"{name}.parquet")

    def array(self, name: str) -> NDArray[Any]:
        """Open an array, memory-mapped and read-only."""
        opened: NDArray[Any] = np.load(self.folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
        return opened


class Draft:
    """An entry in the making: its files are invisible to readers until it is finished."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.run: dict[str, Any] = {}

    def write_table(self, name: str, table: pd.DataFrame) -> None:
        """Add a table."""
        with usable(self.folder):
            table.to_parquet(self.folder / f"{name}.parquet")

    def write_array(self, name: str, array: NDArray[Any]) -> None:
        """Add an array."""
        with usable(self.folder):
            np.save(self.folder / f"{name}.npy", array, allow_pickle=False)

    def finish(self) -> None:
        """Write ``run.json`` with the size and checksum of every file, and flush all to disk."""
        files = {p.name: _fingerprint(p) for p in sorted(self.folder.iterdir())}
        for name in files:
            _flush(self.folder / name)
        (self.folder / RUN).write_text(json.dumps({**self.run, "files": files}, indent=1), encoding="utf-8")
        _flush(self.folder / RUN)


class Store:
    """Entries under one folder.

    Parameters
    ----------
    root : Path, optional
        Folder of the store, made when first written to; `default_root()` if not given.
    """

    def __init__(self, root: Path | None = None):
        self.root = root or default_root()
        self._verified: set[tuple[str, int]] = set()

    def get(self, key: str, *, kind: str = "results") -> Entry | None:
        """Return an entry, or None where there is none or what is there is damaged; never writes.

        Checksums are compared once per process and entry, sizes every time.

        Raises
        ------
        StoreError
            If the store cannot be read.
        """
        folder = self.root / kind / key
        with usable(folder):
            run = self._verified_run(folder)
        return None if run is None else Entry(key=key, folder=folder, run=run)

    def state(self, key: str, *, kind: str = "results") -> State:
        """Return how an entry is: what `get` calls None was never written, or is damaged."""
        if self.get(key, kind=kind) is not None:
            return "whole"
        return "damaged" if (self.root / kind / key).exists() else "absent"

    def find(self, key: str, read: Callable[[Entry], T], *, kind: str = "results") -> T | None:
        """Return what `read` makes of an entry, or None where `get` has none; never computes."""
        entry = self.get(key, kind=kind)
        return None if entry is None else read(entry)

    def keys(self, *, kind: str = "results") -> list[str]:
        """Return the keys of all entries of a kind, sorted."""
        folder = self.root / kind
        # A draft has a hidden name, and its run.json just before it is renamed.
        whole = (p.name for p in folder.glob("[!.]*") if (p / RUN).is_file())
        return sorted(whole) if folder.is_dir() else []

    def get_or_compute(self, key: str, compute: Callable[[Draft], None], *, kind: str = "results") -> Entry:
        """Return an entry, computing it if need be; at once in one process only.

        Whoever comes second waits for the first and gets its result. If `compute`
        raises, or its process is killed, nothing is left behind and the next may try.
        """
        if (found := self.get(key, kind=kind)) is not None:
            return found
        with self.locked(f"{kind}-{key}"):
            return self.get(key, kind=kind) or self._write(key, compute, kind=kind)

    @contextlib.contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Hold the lock of a name across threads and processes; freed if the process dies.

        Raises
        ------
        StoreError
            If the store cannot be written.
        """
        folder = self.root / "locks"
        with contextlib.ExitStack() as held:
            with usable(folder):
                folder.mkdir(parents=True, exist_ok=True)
                handle = held.enter_context((folder / name).open("w"))
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def discard(self, key: str, *, kind: str = "results") -> None:
        """Remove an entry, whatever its state."""
        with self.locked(f"{kind}-{key}"):
            self._sweep(self.root / kind, key)

    def _write(self, key: str, compute: Callable[[Draft], None], *, kind: str) -> Entry:
        parent = self.root / kind
        draft_folder = parent / f".{key}.{os.getpid()}.{time.time_ns()}"
        with usable(parent):
            parent.mkdir(parents=True, exist_ok=True)
            self._sweep(parent, key)
        with in_the_making(draft_folder):
            with usable(parent):
                draft_folder.mkdir()
            draft = Draft(draft_folder)
            compute(draft)
            with usable(parent):
                draft.finish()
                finish(draft_folder, parent / key)
        entry = self.get(key, kind=kind)
        if entry is None:
            message = f"The result {key[:12]} could not be read back from {parent}."
            raise StoreError(message)
        return entry

    def _sweep(self, parent: Path, key: str) -> None:
        """Remove what a killed writer or a damaged disk left under this key; its lock is ours."""
        for left_over in (*parent.glob(f".{key}.*"), parent / key):
            shutil.rmtree(left_over, ignore_errors=True)

    def _verified_run(self, folder: Path) -> dict[str, Any] | None:
        try:
            run: dict[str, Any] = json.loads((folder / RUN).read_text(encoding="utf-8"))
            stamp = (str(folder), (folder / RUN).stat().st_mtime_ns)
            intact = _is_intact(folder, run["files"], check_content=stamp not in self._verified)
        except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError, UnicodeDecodeError, KeyError):
            return None
        except (TypeError, AttributeError):  # JSON, but not of the shape that a Draft writes
            return None
        if not intact:
            return None
        self._verified.add(stamp)
        return run


@contextlib.contextmanager
def usable(folder: Path) -> Iterator[None]:
    """Tell a disk's refusal with its place and how to mend it; a file that is not there is no refusal.

    Raises
    ------
    StoreError
        If the disk is full, broken, or must not be used.
    """
    try:
        yield
    except OSError as error:
        if (mend := mend_of(error)) is None:
            raise
        message = (
            f"The store cannot be used at {cause_of(error, folder)}. {mend}, or set TRD_EXPLORER_STORE to "
            "another folder and start anew."
        )
        raise StoreError(message) from error


def _is_intact(folder: Path, files: dict[str, Any], *, check_content: bool) -> bool:
    return all(
        (folder / name).stat().st_size == expected["size"]
        and (not check_content or _fingerprint(folder / name) == expected)
        for name, expected in files.items()
    )


def _fingerprint(path: Path) -> dict[str, Any]:
    with path.open("rb") as handle:
        return {"size": path.stat().st_size, "sha256": hashlib.file_digest(handle, "sha256").hexdigest()}


def _flush(path: Path) -> None:
    with path.open("rb") as handle:
        os.fsync(handle.fileno())
