"""The Methods page: how each number is made."""

from __future__ import annotations

import streamlit as st

from pages.ui import methods_text, site

site.guard()
st.title("How is each number made?")
methods_text.answer()
methods_text.draw()
