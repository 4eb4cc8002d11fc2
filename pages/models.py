"""The Models page: can we tell who is resistant, and should anyone believe it."""

from __future__ import annotations

import streamlit as st

from pages.ui.frame import site
from pages.ui.models import page, results

site.guard()
st.title(page.question())
page.draw(results.require())
