"""What cannot be read or written in the store costs its own part of the screen, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from core.analysis import At, key
from core.cohort.stored import KIND, put_cohort
from core.de.spec import DESpec
from core.errors import StoreError
from core.jobs import Jobs
from core.kinds import KINDS, kind_of
from core.models.kind import suggested_centre
from core.models.spec import ModelSpec
from core.store import RUN, Store
from pages.ui.frame import access, long_link
from tests.analyses import run_de
from tests.app.cohorts import Case
from tests.app.conftest import PAGES, Visit, link
from tests.de.cohorts import small_cohort, small_metadata

CASE = Case("compared", small_cohort(), DESpec("group", "TRD", "non-TRD", ("sex",)))
WHY = "read-only file system"


@pytest.fixture
def refused(started: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no job be started, as in a store that cannot be written."""

    def refuse(*_: object, **__: object) -> None:
        message = f"The store cannot be used at data/store: {WHY}."
        raise StoreError(message)

    monkeypatch.setattr(Jobs, "start", refuse)


@pytest.mark.parametrize("page", PAGES)
def test_a_store_that_cannot_be_written_shows_what_it_has(
    page: str, refused: None, visit: Visit, prepare: Callable[[Case], str]
) -> None:
    screen = visit(page, link(prepare(CASE), CASE))
    assert screen.title.endswith("?")
    assert "trd-provenance" in screen.html
    if page == "cohort":
        assert WHY in screen.text


def test_without_the_demonstration_other_data_sets_can_be_chosen(
    refused: None, visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRD_EXPLORER_STORE", str(tmp_path))
    digest = put_cohort(Store(), small_cohort())
    assert WHY in visit("overview").text
    screen = visit("data", {"data": digest[:12]})
    assert [box.label for box in screen.app.sidebar.selectbox] == ["Data set"]


def test_a_cohort_of_another_version_stops_no_page(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRD_EXPLORER_STORE", str(tmp_path))
    store = Store()
    metadata = small_metadata()
    readable, foreign = (put_cohort(store, small_cohort(metadata=metadata.assign(extra=n))) for n in (0, 1))
    path = store.root / KIND / foreign / RUN
    run = json.loads(path.read_text())
    run["roles"]["batch"] = "plate"
    path.write_text(json.dumps(run))
    for page in PAGES:
        screen = visit(page, {"data": readable[:12]})
        assert len(screen.app.sidebar.selectbox[0].options) == 1
    screen = visit("overview", {"data": foreign[:12]})
    assert "not in a form that can be read" in screen.text


def test_a_long_link_that_cannot_be_read_costs_only_itself(
    visit: Visit, prepare: Callable[[Case], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    query = link(prepare(CASE), CASE)

    def refuse(*_: object) -> None:
        message = f"The store cannot be used at data/store: {WHY}."
        raise StoreError(message)

    monkeypatch.setattr(long_link, "whole", refuse)
    screen = visit("methods", query)
    assert WHY in screen.text
    assert screen.title.endswith("?")


def test_an_upload_that_cannot_be_kept_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "gmt").touch()
    with pytest.raises(StoreError, match="Remove the file in its way"):
        access.keep(tmp_path / "gmt", "own.gmt", b"SET\t\tCD14", digits=12, unnamed="sets.gmt")


READERS = {
    "pathways": ("overview", "gene", "pathways"),
    "ladder": ("overview", "gene", "robustness"),
    "permute": ("robustness",),
    "subgroups": ("robustness",),
    "models": ("overview", "models"),
    "profile": ("cohort",),
    "de": ("genes", "gene", "pathways", "robustness"),
}
CHECKS = {"permute": {"check": "null"}, "subgroups": {"check": "centres"}}
DAMAGED = "its files in the store are damaged"


def test_every_kind_has_a_page_that_reads_it() -> None:
    assert READERS.keys() == KINDS.keys() - {"demo"}


@pytest.mark.parametrize(("kind", "page"), [(kind, page) for kind in READERS for page in READERS[kind]])
def test_a_damaged_result_is_told_wherever_it_would_be_shown(
    kind: str, page: str, visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRD_EXPLORER_STORE", str(tmp_path))
    store, one = Store(), kind_of(kind)
    digest = put_cohort(store, CASE.cohort)
    assert CASE.spec is not None
    if kind != "de":
        run_de(store, digest, CASE.spec)
    models = ModelSpec("group", "TRD", "non-TRD", centre=suggested_centre(CASE.cohort))
    spec = {"de": CASE.spec, "models": models}.get(kind) or one.spec()
    at = At(store, digest, {"de": CASE.spec})
    query = link(digest, CASE) | CHECKS.get(kind, {})
    assert DAMAGED not in visit(page, query).text
    folder = store.root / kind / key(one, at, spec)
    folder.mkdir(parents=True)
    (folder / RUN).write_text("{", encoding="utf-8")
    assert visit(page, query).text.count(DAMAGED) == 1
