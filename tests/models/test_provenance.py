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
    assert "clinical columns: age, severity" in chosen
