from __future__ import annotations

from dataclasses import replace

from core.models.provenance import model_provenance_of
from tests.models.results import SPEC, made_up_result


def test_the_line_says_which_samples_and_columns_were_chosen():
    plain = model_provenance_of(made_up_result(), dataset="Demo").line()
    assert "left out" not in plain
    assert "clinical columns" not in plain
    spec = replace(SPEC, exclude=("a1b2c3d4:low-depth",), clinical=("age", "severity"))
    chosen = model_provenance_of(made_up_result(spec=spec), dataset="Demo").line()
    assert "1 sample left out (1 low-depth)" in chosen
    assert "clinical columns age and severity" in chosen


def test_what_the_line_lists_elsewhere_is_said_once():
    spec = replace(SPEC, include_unsafe=("severity", "lithium"), folds=3, n_selected=77)
    line = model_provenance_of(made_up_result(spec=spec), dataset="Demo").line()
    assert line.count("with severity and lithium on purpose") == 1
    assert line.count("77 genes chosen") == 1
