from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from core.models.metrics.roc import auc_delong
from core.models.validation.leaky_selection import leaky_tasks, read_leaky
from core.models.validation.permute import LabelPermutations
from tests.models.studies import DRAWN, drawn, setting_of


def test_choosing_outside_the_folds_claims_what_is_not_there(tmp_path: Path):
    """On labels that mean nothing it claims much; the honest model, on the same ones, nothing."""
    setting = setting_of(tmp_path, drawn(n_genes=2000), DRAWN)
    (task,) = leaky_tasks(setting)
    task.run(lambda: False)
    table = read_leaky(setting)
    first = table[table["repeat"] == 1]
    assert sorted(first["sample"]) == sorted(setting.study.names)
    assert auc_delong(first["y"], first["p"]).value > 0.85
    assert 0.3 < LabelPermutations(setting).auc(setting.study.y) < 0.7
    assert list(leaky_tasks(setting)) == []


def test_without_a_gene_model_there_is_nothing_to_compare(tmp_path: Path):
    setting = setting_of(tmp_path, drawn(), replace(DRAWN, models=("dummy",)))
    assert list(leaky_tasks(setting)) == []
    assert read_leaky(setting).empty
