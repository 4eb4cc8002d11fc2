from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pandas.testing import assert_frame_equal
from scipy.special import logit

from core.models.result import BASE
from core.models.validation.folds import N_LARGEST, describe_fold, read_fold, write_fold
from core.models.validation.units import cross_validation
from core.store import Store
from tests.models.studies import DRAWN, drawn, setting_of


@pytest.mark.parametrize("name", ["genes", "dummy", "genes_forest"])
def test_what_is_kept_adds_up_and_comes_back(tmp_path: Path, name: str):
    setting = setting_of(tmp_path, drawn(signal=1.0), DRAWN)
    unit = cross_validation(setting.study, DRAWN)[0]
    fitted = setting.refit(unit).fit(name)
    fold = describe_fold(fitted, setting.study.names[unit.test], setting.study.y[unit.test], shift=0.1)
    assert np.allclose(logit(fold.predictions["p"]), fitted.logit + 0.1)
    if name != "genes_forest":
        sums = fold.contributions.groupby("sample", sort=False)["contribution"].sum()
        assert np.allclose(sums, fitted.logit + 0.1)
        assert (fold.contributions["feature"] == BASE).sum() == len(unit.test)
        assert len(fold.contributions) <= (N_LARGEST + 2) * len(unit.test)
    store = Store(tmp_path / "other")
    back = read_fold(store.get_or_compute("k", lambda draft: write_fold(draft, fold, unit)))
    for table in ("predictions", "features", "contributions"):
        assert_frame_equal(getattr(back, table), getattr(fold, table), check_exact=True)
    assert np.array_equal([back.intercept, back.strength], [fold.intercept, fold.strength], equal_nan=True)
