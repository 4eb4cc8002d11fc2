"""Fixtures that every test shares."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(autouse=True)
def _own_store(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the real store."""
    monkeypatch.setenv("TRD_EXPLORER_STORE", str(tmp_path_factory.mktemp("store")))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real cohorts beside the project, which is not part of it."""
    if not SHARED.is_dir():
        pytest.skip("the real cohorts in ../shared/data are not here")
    return SHARED


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The one driver of a process: a second one beside it does not start."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    executable = shutil.which("chromium")
    if executable is None:
        pytest.fail("Chromium is not installed; `make browser` installs Debian's")
    opened = playwright.chromium.launch(executable_path=executable, args=FLAGS)
    yield opened
    opened.close()


@pytest.fixture
def read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse everything that would write, as a disk does that is mounted read-only."""

    def refuse(path: Path, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    for name in ("mkdir", "write_text", "write_bytes", "touch", "unlink", "replace"):
        monkeypatch.setattr(Path, name, refuse)
    original = Path.open

    def opened(path: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        return original(path, mode, *args, **kwargs) if mode in ("r", "rb") else refuse(path)

    monkeypatch.setattr(Path, "open", opened)
