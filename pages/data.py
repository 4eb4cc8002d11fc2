"""The Data page: one's own counts, or the demonstration."""

from __future__ import annotations

import streamlit as st

from pages.ui.data import steps
from pages.ui.frame import site

site.guard()
st.title("Whose blood is compared?")
steps.present_data()
steps.upload()
