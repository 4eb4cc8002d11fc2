from __future__ import annotations

from dataclasses import replace

import pytest

from core.pathways.spec import PathwaySpec
from core.pathways.timing import expected_seconds

SIZE = {"n_samples": 293, "n_genes": 20_000, "n_cpus": 2}


def test_more_work_takes_longer():
    every, few = PathwaySpec(), PathwaySpec(collections=("hallmark",))
    for test in ("gsea", "ssgsea", "gsva"):
        assert expected_seconds(replace(every, test=test), **SIZE) > expected_seconds(
            replace(few, test=test), **SIZE
        )
    assert expected_seconds(every, **SIZE) > expected_seconds(every, **{**SIZE, "n_cpus": 4})
    scored = replace(few, test="gsva")
    assert expected_seconds(scored, **SIZE) > expected_seconds(scored, **{**SIZE, "n_samples": 60})


def test_no_test_takes_no_time_and_own_files_count():
    for test in ("gsea", "ora", "camera", "ssgsea", "gsva"):
        assert expected_seconds(PathwaySpec(collections=(), test=test), **SIZE) > 1
    own = PathwaySpec(collections=("hallmark", "my_sets.gmt"))
    assert expected_seconds(own, **SIZE) > expected_seconds(PathwaySpec(collections=("hallmark",)), **SIZE)


def test_all_collections_are_told_to_take_about_a_minute():
    assert expected_seconds(PathwaySpec(), **SIZE) == pytest.approx(60, abs=25)
