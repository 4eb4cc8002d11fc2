"""Whatever shows or filters something is in the link: every widget of the pages up to that of a gene."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Server, Visit
from tests.browser.test_models import evaluated
from tests.browser.test_pathways import tested
from tests.browser.walk import FIRST, walk_place, walked

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["evaluated", "tested", "walked"]


@pytest.mark.parametrize("place", FIRST)
def test_every_widget_is_in_the_link(
    place: str, walked: Server, page: Page, visit: Visit, tested: str, evaluated: str, crude: str
):
    walk_place(page, visit, place, server=walked, crude=crude, settings=(tested, evaluated))
