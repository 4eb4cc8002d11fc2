"""A walk over a page that changes every widget on it, as a person would.

What a widget is, the page itself tells: everything that can be set and asks the server when it is. Left out
are drafts of settings, forms, uploads, what opens over the page, and the search box, which shows nothing.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Set
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect

from core.cohort.stored import get_cohort, put_cohort
from core.models.spec import ModelSpec
from core.store import Store
from pages.ui.frame.places import PLACES
from tests.app import cohorts
from tests.browser.conftest import GROUPS, Server, Visit, core, made_once, settle
from tests.browser.test_pathways import SET
from tests.models.results import made_up_result, put_result

OTHER = "Another cohort"
# Where a page has several faces, the links that lead to each; any other page is walked as it opens.
FACES = {
    "genes": ["&basket=SETD4,XIST"],
    "gene": ["&gene=XIST"],
    "pathways": [f"&sets={SET}", "&theme=Immune system", f"&gene_set={SET}"],
    "models": ["", "&inner_folds=3"],
    "robustness": ["&method=limma&basket=SETD4,XIST"],
}
NAMES = [place.name for place in PLACES]
FIRST, THEN = NAMES[: NAMES.index("pathways")], NAMES[NAMES.index("pathways") :]
# Every widget with a name that stays, and its value; each is marked in the document for who changes it.
WIDGETS = """() => {
  const text = (e, what) => [...e.querySelectorAll(what)].map(one => one.innerText).join(" + ");
  const input = e => e.querySelector("input").value;
  const read = {
    stSelectbox: input, stTextInput: input, stNumberInput: input,
    stTextArea: e => e.querySelector("textarea").value,
    stSlider: e => [...e.querySelectorAll("[role=slider], input[type=range]")]
      .map(one => one.getAttribute("aria-valuenow") ?? one.value).join(" to "),
    stMultiSelect: e => text(e, "[data-baseweb=tag]"),
    stCheckbox: e => `${e.querySelector("input").checked}`,
    stButtonGroup: e => text(e, "[aria-checked=true], [aria-pressed=true]"),
    stRadio: e => text(e, "label:has(input:checked)"),
    stTabs: e => text(e, "[role=tab][aria-selected=true]"),
    stExpander: e => `${e.querySelector("details").open}`,
    stDataFrame: e => text(e, "tr[aria-selected=true] td:first-child"),
  };
  const apart = '[class*="st-key-draft-"], [data-testid="stForm"], [data-testid="stFileUploader"], ' +
    '[data-testid="stPopoverBody"], .st-key-shell-search, .st-key-shell-data';
  const found = {};
  for (const e of document.querySelectorAll(Object.keys(read).map(kind => `[data-testid=${kind}]`))) {
    const kind = e.dataset.testid;
    if (e.closest(apart)) continue;
    if (kind === "stDataFrame" && !e.querySelector('td[aria-colindex="1"][id^="glide-cell-1-"]')) continue;
    const own = e.closest('[data-testid="stElementContainer"], [data-testid="stLayoutWrapper"]');
    const key = [...own.classList].find(name => name.startsWith("st-key-")) ?? "";
    let name = `${kind} ${key.replace(/-?\\d{6,}.*/, "")}`;
    while (name in found) name += "'";
    e.dataset.walked = name;
    found[name] = read[kind](e);
  }
  return found;
}"""
Values = dict[str, str]


def _walked_store(store: Path, *, of: Path, digest: str) -> None:
    """Fill a store: the small one, with everything computed that pages show, and a second cohort."""
    shutil.copytree(of, store, dirs_exist_ok=True)
    core(store, "profile", "--dataset", digest)
    for verb in ("de --method wilcoxon", "de --method limma", "ladder --method limma"):
        core(store, *verb.split(), "--dataset", digest, *GROUPS)
    here = Store(store)
    put_cohort(here, replace(cohorts.null(), name=OTHER))
    metadata = get_cohort(here, digest).metadata
    spec = ModelSpec("group", "TRD", "non-TRD", centre="centre", folds=2, repeats=2, inner_folds=3)
    y = [int(group == "TRD") for group in metadata["group"]]
    samples = list(map(str, metadata.index))
    put_result(here, made_up_result(samples, y, spec=spec, digest=digest, headline=False))


@pytest.fixture(scope="session")
def walked(
    small_store: Path,
    small_digest: str,
    tested: str,
    evaluated: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Server]:
    """A dashboard on a store in which everything that pages show has been computed."""
    fill = partial(_walked_store, of=small_store, digest=small_digest)
    running = Server(made_once(tmp_path_factory, "walked-store", fill))
    running.start()
    yield running
    running.stop()


def values(page: Page) -> Values:
    """What every widget of the page shows, by its name."""
    found: Values = page.evaluate(WIDGETS)
    return found


def choose_option(page: Page, box: Locator) -> None:
    others = page.locator('[role="option"]:not([aria-selected="true"])')
    for _ in range(6):  # a list that opens while its page is still being drawn closes again
        box.locator("input").press("ArrowDown")
        with contextlib.suppress(TimeoutError):
            page.locator('[role="option"]').first.wait_for(timeout=5_000)
            break
    if others.count():
        others.first.click()
    else:
        page.keyboard.press("Escape")


def type_in(box: Locator, text: str) -> None:
    box.locator("input").fill(text)
    box.locator("input").press("Enter")


def next_number(box: Locator) -> str:
    field = box.locator("input")
    value, step = float(field.input_value()), float(field.get_attribute("step") or 1)
    low, high = (float(field.get_attribute(name) or "nan") for name in ("min", "max"))
    return f"{next((n for n in (value + step, value - step) if low <= n <= high), value):.6g}"


def tick_two_rows(page: Page, table: Locator) -> None:
    table.scroll_into_view_if_needed()
    for row in (0, 1):
        corner = table.locator("canvas").first.bounding_box()
        assert corner is not None
        page.mouse.click(corner["x"] + 18, corner["y"] + 52 + 35 * row)
        settle(page)


def change(page: Page, name: str, shown: str) -> None:
    """Set a widget to something else, as a person would."""
    values(page)  # marks it
    box = page.locator(f'[data-walked="{name}"]')
    match name.split()[0]:
        case "stSelectbox" | "stMultiSelect":
            choose_option(page, box)
        case "stTextInput":
            type_in(box, "T")
        case "stNumberInput":
            type_in(box, next_number(box))
        case "stSlider":
            box.locator('[role="slider"], input[type="range"]').first.press("ArrowRight")
        case "stCheckbox":
            box.locator("label").first.click()
        case "stExpander":
            box.locator("summary").first.click()
        case "stDataFrame":
            tick_two_rows(page, box)
        case "stButtonGroup" | "stRadio" | "stTabs":
            box.get_by_text(shown, exact=True).first.click()
        case kind:
            pytest.fail(f"nobody has said how a person changes {kind}")
    settle(page)


def choices(page: Page, name: str) -> list[str]:
    """What a group of buttons offers beside what it shows; "" for a widget that is no such group."""
    if name.split()[0] not in ("stButtonGroup", "stRadio", "stTabs"):
        return [""]
    shown = values(page)[name]
    box = page.locator(f'[data-walked="{name}"]')
    offered = box.locator('[role="radio"], [role="tab"]').all_inner_texts()
    return [text for text in offered if text != shown]


class Walk:
    """Every widget of a page changed, each with the value it then had and the address of that moment.

    Widgets that are `known`, from another face of the page, are left as they are.
    """

    def __init__(self, page: Page, *, known: Set[str]):
        self.page = page
        self.seen: dict[str, tuple[str, str]] = {}
        self.silent = set(known)
        while new := self._unseen():
            self._change(new[0])

    def _unseen(self) -> list[str]:
        """Widgets yet to be changed; groups of buttons last, since they may take others off the page."""
        new = [name for name in values(self.page) if name not in self.seen and name not in self.silent]
        return sorted(new, key=lambda name: name.startswith(("stButtonGroup", "stTabs", "stRadio")))

    def _change(self, name: str) -> None:
        self.silent.add(name)
        for choice in choices(self.page, name):
            before, asked = values(self.page)[name], self.page.evaluate("window.witnessed.asked")
            change(self.page, name, choice)
            after = values(self.page).get(name)
            if after is None or after == before or self.page.evaluate("window.witnessed.asked") == asked:
                continue  # one that offers nothing else, or opens without asking the server
            self.seen[name] = (after, self.page.url)
            self.silent.discard(name)
            while choice and (new := self._unseen()):
                self._change(new[0])

    def shown(self) -> Values:
        """What the widgets that ask the server show now."""
        return {name: value for name, value in values(self.page).items() if name in self.seen}


def copied_link(page: Page) -> str:
    page.get_by_role("button", name="Copy link").click()
    link = page.locator('[data-testid="stPopoverBody"] code')
    link.wait_for()
    text = link.inner_text().strip()
    page.keyboard.press("Escape")
    settle(page)
    return text


def parsed(link: str) -> tuple[str, dict[str, str]]:
    place, _, query = link.partition("?")
    return place.rstrip("/"), dict(parse_qsl(query, keep_blank_values=True))


def other_data_and_back(page: Page) -> None:
    for name in (OTHER, "Small cohort"):
        box = page.get_by_role("combobox", name="Data set")
        box.click()
        page.get_by_role("option", name=name).click()
        settle(page)
        expect(box).to_have_value(name)


def walk_place(
    page: Page, visit: Visit, place: str, *, server: Server, crude: str, settings: tuple[str, ...]
) -> None:
    """Walk all faces of a page; a widget that several have is changed in the first.

    `settings` are queries of the comparison without covariates, that is `crude`, with more behind it.
    """
    path = "" if place == NAMES[0] else place  # the front page has no path of its own
    query = crude + "".join(one.removeprefix(crude) for one in settings)
    known: set[str] = set()
    for face in FACES.get(place, [""]):
        known |= walk_and_come_back(page, visit, f"{server.url}/{path}{query}{face}", known=known)


def walk_and_come_back(page: Page, visit: Visit, address: str, *, known: Set[str]) -> set[str]:
    """Change every widget of a page that is not known; find it all again, whatever the way back.

    By the copied link in another browser, by reload, after another data set, by back and forward. Return
    the names of the widgets.
    """
    page.goto(address)
    settle(page)
    walk = Walk(page, known=known)
    final = walk.shown()
    print(f"{address}: {len(walk.seen)} widgets: {walk.seen}; silent: {walk.silent}")

    link = copied_link(page)
    assert parsed(link) == parsed(page.url)
    if not walk.seen:
        return set()
    _opens_elsewhere(visit(), link, walk, final)
    page.reload()
    settle(page)
    assert walk.shown() == final
    other_data_and_back(page)
    assert walk.shown() == final
    _goes_back_and_forward(page, walk, final)
    return set(walk.seen)


def _opens_elsewhere(fresh: Page, link: str, walk: Walk, final: Values) -> None:
    fresh.goto(link)
    settle(fresh)
    assert {name: values(fresh).get(name) for name in final} == final
    for name, (value, address) in walk.seen.items():
        if final.get(name) != value:  # changed again by what was changed after it
            fresh.goto(address)
            settle(fresh)
            assert values(fresh).get(name) == value, address


def _goes_back_and_forward(page: Page, walk: Walk, final: Values) -> None:
    name = next(name for name in final if walk.seen[name][0] == final[name])
    for choice in choices(page, name)[:1]:
        change(page, name, choice)
    there = walk.shown()
    assert there != final
    page.go_back()
    settle(page)
    assert walk.shown() == final
    page.go_forward()
    settle(page)
    assert walk.shown() == there
