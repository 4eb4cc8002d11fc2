"""The Methods page: how each number is made."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import site
from pages.ui.methods import text

site.guard()
st.title("How is each number made?")
text.answer()
text.draw()
