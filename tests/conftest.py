"""Fixtures that every test shares."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"


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
