"""Every page: no finding of axe, nothing wider than the screen, and every word in the language that was chosen."""

from __future__ import annotations

import re
from itertools import permutations

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import get_resolver
from playwright.sync_api import Page

from cchc.organization.models import Person
from cchc.web.catalog import PLACEHOLDER, PO_FILE, read
from tests.browser.conftest import Visit
from tests.browser.places import NO_PAGES, PLACES, Place
from tests.browser.stage import Stage
from tests.browser.window import DESKTOP, NARROW, PHONE
from tests.test_url_matrix import names

SIZES = {"desktop": DESKTOP, "phone": PHONE}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FULL = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"], "preload": False}
COLORS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"], "preload": False}
RUN = """async (options) => (await axe.run(window.within ?? document, options)).violations.flatMap(
  (found) => found.nodes.map(
    (node) => `${found.id}: ${node.target.join(" ")}: ${node.html.slice(0, 160)} (${node.failureSummary})`))"""
# Keeps what shows on a size, and then asks for the outermost of what shows there and not on the other one.
SHOWN = """(size) => {
  window.shown ??= {};
  shown[size] = new Set([...document.querySelectorAll("body *")].filter((at) => at.checkVisibility()));
}"""
ALONE = """([size, other]) => {
  const alone = new Set([...shown[size]].filter((at) => !shown[other].has(at)));
  window.within = {include: [...alone].filter((at) => !alone.has(at.parentElement))};
  return alone.size;
}"""
# Everything a reader meets: texts that are shown, and the names and hints of elements.
WORDS = """() => {
  const found = new Set([document.title]);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.parentElement;
    if (at.closest("script, style, template, textarea, [lang]:not(html)")) continue;
    found.add(node.data.trim().replace(/\\s+/g, " "));
  }
  for (const name of ["aria-label", "title", "placeholder", "data-saved-words", "data-confirm", "data-copied"]) {
    for (const at of document.body.querySelectorAll(`[${name}]`)) {
      if (!at.closest("[lang]:not(html)")) found.add(at.getAttribute(name).trim().replace(/\\s+/g, " "));
    }
  }
  return [...found].filter((text) => text.length > 1);
}"""
# What stands out on the right and lies in nothing that scrolls by itself.
SPILT = """() => [...document.querySelectorAll("body *")].filter((at) =>
  at.getBoundingClientRect().right > innerWidth + 1 && at.offsetParent &&
  !at.closest(".segs, .table-responsive, .visually-hidden"))
  .map((at) => `${at.tagName}.${at.className} ${at.textContent.trim().slice(0, 40)}`).slice(0, 8)"""


def test_every_address_is_here() -> None:
    known = {place.name for place in PLACES} | NO_PAGES
    assert sorted({*names(get_resolver().url_patterns)} - known) == []


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_every_page(stay: Visit, stage: Stage, place: Place) -> None:
    page = stay(place.user)
    go(page, place, stage)
    assert page.locator("html").get_attribute("lang") == "vi"
    # The gallery of components is for developers, with samples in their language.
    spoken = page.evaluate(WORDS) if place.name != "gallery" else []
    found = [f"not in Vietnamese: {text}" for text in spoken if ENGLISH.fullmatch(text)]
    found += look(page, list(SIZES)[PLACES.index(place) % 2])
    if place.hands is None:
        told = stage.everything_told()
        found += [text for text in in_english(page, place) if CODES.sub("", text) not in told]
    assert found == [], "\n".join(found)


def go(page: Page, place: Place, stage: Stage) -> None:
    page.goto(place.address(stage))
    if place.hands:
        place.hands(page)


def look(page: Page, light: str) -> list[str]:
    """What axe finds on both sizes and in both themes, and what is wider than the screen.

    Each theme is tried with all that one size shows, and on the other size with what shows there alone.
    """
    page.evaluate(AXE_SCRIPT)
    found = []
    for size in SIZES:
        resize(page, size)
        page.evaluate(SHOWN, size)
        found += too_wide(page, SIZES[size]["width"])
    for size, other in permutations(reversed(SIZES)):
        resize(page, size)
        whole, part = ("light", "dark") if size == light else ("dark", "light")
        found += axe(page, size, whole, FULL)
        if page.evaluate(ALONE, [size, other]):
            found += axe(page, size, part, COLORS)
        page.evaluate("delete window.within")
    page.set_viewport_size(NARROW)
    return found + too_wide(page, NARROW["width"])


def resize(page: Page, size: str) -> None:
    """As high as the page, so that no bar at its lower edge hides half of a field."""
    page.set_viewport_size(SIZES[size])
    height = page.evaluate("document.body.scrollHeight")
    page.set_viewport_size({"width": SIZES[size]["width"], "height": height})


def axe(page: Page, size: str, theme: str, options: dict[str, object]) -> list[str]:
    page.evaluate("(theme) => { document.documentElement.dataset.bsTheme = theme; }", theme)
    return [f"{size}, {theme}: {text}" for text in page.evaluate(RUN, options)]


def too_wide(page: Page, width: int) -> list[str]:
    shown = page.evaluate("document.documentElement.scrollWidth")
    return [f"{shown} wide on a screen of {width}: {page.evaluate(SPILT)}"] if shown > width else []


def in_english(page: Page, place: Place) -> list[str]:
    """The page once more in English: what is left of the Vietnamese interface."""
    person = Person.objects.filter(username=place.user)
    if place.user:
        person.update(language="en")
    else:
        page.context.add_cookies([{"name": "cchc_language", "value": "en", "url": page.url}])
    try:
        page.reload()
        assert page.locator("html").get_attribute("lang") == "en"
        return [text for text in page.evaluate(WORDS) if VIETNAMESE.fullmatch(text)]
    finally:
        person.update(language="vi")
        page.context.clear_cookies(name="cchc_language")


def pattern(texts: set[str]) -> re.Pattern[str]:
    """Exactly one of these texts, with anything in their placeholders."""
    shapes = (".+".join(re.escape(part) for part in PLACEHOLDER.split(text)) for text in sorted(texts))
    return re.compile("|".join(shapes))


def catalog() -> tuple[set[str], set[str]]:
    """English sentences and their Vietnamese, where the two differ and hold words besides their placeholders."""
    english, vietnamese = set(), set()
    for (_context, source), message in read(PO_FILE).items():
        given = message.string if isinstance(message.string, tuple) else (message.string,)
        asked = message.id if isinstance(message.id, tuple) else (source,)
        english |= {text for text in asked if text not in given and re.search(r"[a-z]{3}", PLACEHOLDER.sub("", text))}
        vietnamese |= {text for text in given if not PLACEHOLDER.sub("", text).isascii()}
    return english, vietnamese


ENGLISH, VIETNAMESE = map(pattern, catalog())
CODES = re.compile(r"^(CH|YK|KN)-\d+ ")  # before a title, in lists of notices
