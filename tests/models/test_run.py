from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from core.cohort.stored import put_cohort
from core.errors import CancelledError, InputError
from core.models.result import FOLDS, TABLES, ModelInfo, ModelResult
from core.store import Store
from tests.analyses import find_models, model_key, run_models
from tests.conftest import ROOT
from tests.models.studies import DRAWN, SPEC, drawn, simulated


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, str, ModelResult]:
    store = Store(tmp_path_factory.mktemp("run"))
    digest = put_cohort(store, simulated())
    return store, digest, run_models(store, digest, SPEC, n_threads=1)


def assert_same(one: ModelResult, other: ModelResult) -> None:
    for name in TABLES:
        assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)
    assert one.checks == other.checks
    assert replace(one.run, seconds=0) == replace(other.run, seconds=0)


def test_every_table_has_its_columns(kept: tuple[Store, str, ModelResult]):
    _, _, result = kept
    for name, columns in TABLES.items():
        assert tuple(getattr(result, name).columns) == columns, name
        assert len(getattr(result, name)), name
    assert set(result.predictions["scheme"]) == {"cv", "centre"}
    assert result.predictions["p"].between(0, 1).all()
    assert result.pooled_models() == SPEC.models


def test_every_patient_is_predicted_by_every_model_in_every_repeat(kept: tuple[Store, str, ModelResult]):
    cv = kept[2].predictions.query("scheme == 'cv'")
    counted = cv.groupby(["model", "repeat"])["sample"].nunique()
    assert (counted == 60).all()
    assert not cv.duplicated(["model", "repeat", "sample"]).any()


def test_found_again_and_not_computed_again(
    kept: tuple[Store, str, ModelResult], monkeypatch: pytest.MonkeyPatch
):
    store, digest, result = kept
    monkeypatch.setattr("core.models.compute.validate", None)
    assert_same(run_models(store, digest, SPEC), result)
    found = find_models(store, digest, SPEC)
    assert found is not None
    assert_same(found, result)
    assert find_models(store, digest, replace(SPEC, model_seed=5)) is None


def test_threads_change_nothing(kept: tuple[Store, str, ModelResult], tmp_path: Path):
    store = Store(tmp_path)
    assert_same(run_models(store, put_cohort(store, simulated()), SPEC, n_threads=2), kept[2])


def test_info_round_trip(kept: tuple[Store, str, ModelResult]):
    info = kept[2].run
    assert ModelInfo.from_dict(info.to_dict()) == info


def test_shuffled_samples_change_nothing(tmp_path: Path):
    """The store's cohort is in canonical order; the same study read in another order is the same study."""
    cohort = drawn()
    order = np.random.default_rng(3).permutation(len(cohort.metadata))
    shuffled = replace(cohort, counts=cohort.counts[:, order], metadata=cohort.metadata.iloc[order])
    back = np.argsort(shuffled.metadata.index)
    restored = replace(shuffled, counts=shuffled.counts[:, back], metadata=shuffled.metadata.iloc[back])
    store = Store(tmp_path)
    assert put_cohort(store, restored) == put_cohort(store, cohort)


def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path):
    store = Store(tmp_path)
    digest = put_cohort(store, drawn())
    calls = []

    def stop(stage: str, fraction: float, **_: object) -> None:
        calls.append(stage)
        if len(calls) > 6:
            raise CancelledError("stop")

    with pytest.raises(CancelledError):
        run_models(store, digest, DRAWN, report=stop, n_threads=1)
    before = {
        key: (store.root / FOLDS / key / "run.json").stat().st_mtime_ns for key in store.keys(kind=FOLDS)
    }
    assert before
    assert find_models(store, digest, DRAWN) is None
    fractions: list[float] = []
    result = run_models(store, digest, DRAWN, report=lambda stage, f, **_: fractions.append(f), n_threads=1)
    assert fractions == sorted(fractions)
    after = {
        key: (store.root / FOLDS / key / "run.json").stat().st_mtime_ns for key in store.keys(kind=FOLDS)
    }
    assert before.items() <= after.items()
    assert len(after) > len(before)
    fresh = Store(tmp_path / "fresh")
    assert_same(run_models(fresh, put_cohort(fresh, drawn()), DRAWN, n_threads=1), result)


def test_a_killed_process_leaves_what_it_finished(tmp_path: Path):
    store = Store(tmp_path)
    digest = put_cohort(store, drawn())
    script = (
        "from pathlib import Path; from core.store import Store; from tests.analyses import run_models\n"
        "from tests.models.studies import DRAWN\n"
        f"run_models(Store(Path({str(tmp_path)!r})), {digest!r}, DRAWN, n_threads=1)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, env=os.environ | {"OMP_NUM_THREADS": "1"}
    )
    deadline = time.monotonic() + 60
    while not store.keys(kind=FOLDS) and time.monotonic() < deadline and child.poll() is None:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    finished = store.keys(kind=FOLDS)
    assert finished
    if find_models(store, digest, DRAWN) is not None:
        pytest.skip("this machine finished the run before it could be killed")
    result = run_models(store, digest, DRAWN)
    assert set(finished) <= set(store.keys(kind=FOLDS))
    assert len(result.predictions)


def test_a_bad_specification_is_refused_before_anything_is_read(tmp_path: Path):
    with pytest.raises(InputError, match="repeats"):
        run_models(Store(tmp_path), "no such cohort", replace(SPEC, repeats=0))


def test_the_key_follows_the_judgements(monkeypatch: pytest.MonkeyPatch):
    before = model_key("a", SPEC)
    assert model_key("a", replace(SPEC)) == before
    assert model_key("b", SPEC) != before
    assert model_key("a", replace(SPEC, clinical=("age",))) != before
    monkeypatch.setattr("core.models.result.table_digest", lambda: "another table")
    assert model_key("a", SPEC) != before
