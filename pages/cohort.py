"""The Cohort page: are the groups comparable."""

from __future__ import annotations

from pages.ui.cohort import page
from pages.ui.frame import site

site.guard()
page.draw()
