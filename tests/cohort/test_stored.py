from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.__main__ import main
from core.cohort.reading.load import inspect_cohort
from core.cohort.stored import KIND, find_card, get_cohort, list_cohorts, put_cohort
from core.errors import InputError
from core.store import RUN, Store
from tests.cohort.files import sound_files

Change = Callable[[dict[str, Any]], object]
CHANGES: dict[str, Change] = {
    "a role that this version lacks": lambda run: run["roles"].update(batch="plate"),
    "roles of another shape": lambda run: run.update(roles=["patient"]),
    "no name": lambda run: run.pop("name"),
    "no notices": lambda run: run.pop("notices"),
    "notices of another shape": lambda run: run.update(notices=[{"text": "x"}]),
    "a table that is kept elsewhere": lambda run: run["files"].pop("genes.parquet"),
}


@pytest.fixture(params=CHANGES.values(), ids=CHANGES)
def other_version(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Store, str, str]:
    """A store with a cohort of this version and one of another; and the hash of each."""
    store = Store()
    cohort = inspect_cohort(*sound_files(tmp_path)).usable()
    readable = put_cohort(store, cohort)
    (tmp_path / "again").mkdir()
    counts, metadata = sound_files(tmp_path / "again")
    metadata.write_text(metadata.read_text().replace("TRD", "trd"))
    foreign = put_cohort(store, inspect_cohort(counts, metadata).usable())
    path = store.root / KIND / foreign / RUN
    run = json.loads(path.read_text())
    request.param(run)
    path.write_text(json.dumps(run))
    if "genes.parquet" not in run["files"]:
        (path.parent / "genes.parquet").unlink()
    return Store(), readable, foreign


def test_a_cohort_of_another_version_stops_no_other(other_version: tuple[Store, str, str]) -> None:
    store, readable, _ = other_version
    assert readable in {card.digest for card in list_cohorts(store)}
    assert get_cohort(store, readable).name


def test_a_cohort_of_another_version_is_a_fault(
    other_version: tuple[Store, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    store, _, foreign = other_version
    with pytest.raises(InputError) as raised:
        get_cohort(store, foreign)
    (fault,) = raised.value.faults
    assert (fault.code, fault.where) == ("unreadable-data-set", f"data set {foreign[:12]}")
    assert main(["profile", "--dataset", foreign]) == 2
    assert "another version" in capsys.readouterr().err


def test_loading_its_files_again_mends_it(other_version: tuple[Store, str, str], tmp_path: Path) -> None:
    store, _, foreign = other_version
    assert put_cohort(store, inspect_cohort(*sorted((tmp_path / "again").iterdir())).usable()) == foreign
    assert find_card(store, foreign) is not None
    assert get_cohort(store, foreign).name
