from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.models.pipelines.blocks import N_VARIABLE, Part, make_vocabulary
from core.models.validation.setting import unavailable
from tests.models.studies import DRAWN, SPEC, drawn, setting_of, simulated


@pytest.fixture
def part(tmp_path: Path) -> Part:
    setting = setting_of(tmp_path, simulated(), SPEC)
    samples = setting.study.samples
    return Part(samples.take(np.arange(40)), samples.take(np.arange(40, 60)), setting.vocabulary)


@pytest.mark.parametrize("name", ["genes", "cells", "pathways", "demography", "clinical", "centre"])
def test_blocks_are_scaled_by_the_training_part(part: Part, name: str):
    block = part.block(name)
    assert block.train.shape == (40, len(block.names))
    assert block.test.shape == (20, len(block.names))
    assert np.allclose(block.train.mean(axis=0), 0, atol=1e-4)
    assert np.allclose(block.train.std(axis=0, ddof=1), 1, atol=1e-3)


def test_a_score_is_the_mean_of_its_standardised_genes(part: Part):
    symbols = pd.Series(simulated().genes["symbol"])
    from core.pathways.sets.collections import load_collection

    name = part.block("pathways").names[0]
    x = part.transform.standardise(part.train.counts)
    inside = symbols.iloc[part.transform.expressed].isin(load_collection("hallmark").sets[name]).to_numpy()
    raw = x[:, inside].mean(axis=1) - x.mean(axis=1)
    expected = (raw - raw.mean()) / raw.std(ddof=1)
    assert np.allclose(part.block("pathways").train[:, 0], expected, atol=1e-3)


def test_without_symbols_there_are_no_scores(tmp_path: Path):
    setting = setting_of(tmp_path, drawn(), DRAWN)
    assert make_vocabulary(setting.study.genes, {}).sets == {}
    reasons = unavailable(setting.study, setting.vocabulary)
    assert {name for name, reason in reasons.items() if reason} == {"cells", "pathways"}
    assert N_VARIABLE > 0
