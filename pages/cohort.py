"""The Cohort page: are the groups comparable."""

from __future__ import annotations

from pages.ui import cohort_page, site

site.guard()
cohort_page.draw()
