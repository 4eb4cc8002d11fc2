from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from core.analysis import At, asked_for
from core.cohort.stored import put_cohort
from core.errors import CancelledError, InputError
from core.kinds import kind_of
from core.pathways import kind as module
from core.pathways.compute import analyse
from core.pathways.result import PathwayInfo, PathwayResult, read_result, write_result
from core.pathways.spec import PathwaySpec
from core.store import Draft, Store
from tests.analyses import find_pathways, pathway_key, run_pathways
from tests.pathways.cohorts import DE_SPEC, small_simulation

SPEC = PathwaySpec(collections=("hallmark",), permutations=200)


def stored(store: Store, result: PathwayResult) -> PathwayResult:
    """Write a result as its kind does, and read it back."""
    assert result.de_spec is not None
    at = At(store, result.digest, {"de": result.de_spec})

    def write(draft: Draft) -> None:
        draft.run |= asked_for(kind_of("pathways"), at, result.spec)
        write_result(draft, result)

    return read_result(store.get_or_compute("key", write))


def test_the_store_gives_back_what_was_written(tmp_path: Path):
    result = analyse(small_simulation()[0], SPEC)
    back = stored(Store(tmp_path), result)
    for name in ("table", "ranking", "themes", "cells", "scores"):
        assert_frame_equal(getattr(back, name), getattr(result, name), check_exact=True)
    assert (back.spec, back.de_spec, back.digest, back.run) == (
        result.spec,
        result.de_spec,
        result.digest,
        result.run,
    )
    assert (back.membership != result.membership).nnz == 0
    assert back.running_score(3).es == result.table["es"][3]
    assert back.sample_scores is None


def test_the_store_keeps_the_scores_of_patients(tmp_path: Path):
    result = analyse(small_simulation()[0], replace(SPEC, test="ssgsea"))
    back = stored(Store(tmp_path), result)
    assert back.sample_scores is not None
    assert np.array_equal(back.sample_scores, result.sample_scores)


def test_run_info_round_trip():
    info = analyse(small_simulation()[0], SPEC).run
    assert PathwayInfo.from_dict(info.to_dict()) == info


def test_everything_that_can_change_a_number_changes_the_key(tmp_path: Path):
    mine = tmp_path / "mine.gmt"
    mine.write_text("a\t\tIFIT1\tIFIT2\n")
    own = replace(SPEC, collections=("hallmark", str(mine)))
    keys = {
        pathway_key("a", DE_SPEC, SPEC),
        pathway_key("b", DE_SPEC, SPEC),
        pathway_key("a", replace(DE_SPEC, alpha=0.1), SPEC),
        pathway_key("a", DE_SPEC, replace(SPEC, seed=2)),
        pathway_key("a", DE_SPEC, own),
    }
    mine.write_text("a\t\tIFIT1\tIFIT2\tIFIT3\n")
    keys.add(pathway_key("a", DE_SPEC, own))
    assert len(keys) == 6
    assert pathway_key("a", DE_SPEC, SPEC) == pathway_key("a", DE_SPEC, replace(SPEC))


def test_computed_once_then_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    store, comparison = Store(tmp_path), small_simulation()[0]
    assert comparison.cohort is not None
    digest = put_cohort(store, comparison.cohort)
    assert find_pathways(store, digest, DE_SPEC, SPEC) is None
    compared = []

    def instead_of_pydeseq2(kind, at, spec, **_):
        compared.append(spec)
        return type("Compared", (), {"table": comparison.table, "run": comparison})

    monkeypatch.setattr(module, "run", instead_of_pydeseq2)
    stages: list[float] = []
    first = run_pathways(
        store, digest, DE_SPEC, SPEC, report=lambda stage, fraction, **_: stages.append(fraction)
    )
    assert stages == sorted(stages)
    assert stages[0] >= 0.6  # the comparison had to be made first
    again = run_pathways(store, digest, DE_SPEC, SPEC)
    assert compared == [DE_SPEC]
    assert_frame_equal(again.table, first.table, check_exact=True)
    assert np.array_equal(again.membership.indices, first.membership.indices)

    def stop(stage: str, fraction: float, **_: object) -> None:
        raise CancelledError("stop")

    other = replace(SPEC, seed=9)
    with pytest.raises(CancelledError):
        run_pathways(store, digest, DE_SPEC, other, report=stop)
    assert find_pathways(store, digest, DE_SPEC, other) is None


def test_a_bad_specification_is_refused_before_anything_is_read(tmp_path: Path):
    with pytest.raises(InputError, match="seed"):
        run_pathways(Store(tmp_path), "no such cohort", DE_SPEC, replace(SPEC, seed=-1))
