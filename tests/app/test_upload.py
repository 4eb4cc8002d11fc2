"""What is asked of the job that reads uploaded tables."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.analyses import parse

NAMES = ("none", "--factor", "-x", " padded ", "a=b", "two\nlines")


def page(names: tuple[str, ...]) -> None:
    from pathlib import Path

    import pandas as pd
    import streamlit as st

    from pages.ui.data.steps import _options

    st.session_state["asked"] = _options(pd.DataFrame(columns=list(names)), Path("counts.csv"))


@pytest.mark.parametrize("name", NAMES)
def test_columns_and_a_data_set_may_be_called_anything(name: str) -> None:
    app = AppTest.from_function(page, args=(NAMES,)).run()
    assert [box.value for box in app.selectbox] == [0, 0, 0]
    nothing = parse("add", "--counts=c", "--metadata=m", *app.session_state["asked"])
    assert (nothing.patient, nothing.centre, nothing.sex) == (None, None, None)
    app.selectbox(key="upload.patient").set_value(NAMES.index(name) + 1)
    app.text_input(key="upload.name").set_value(name)
    app.run()
    read = parse("add", "--counts=c", "--metadata=m", *app.session_state["asked"])
    assert (read.patient, read.name) == (name, name.strip())
