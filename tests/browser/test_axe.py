"""Every page: no finding of axe, nothing wider than the screen, and every word in the language that was chosen."""

from __future__ import annotations

import re

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

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FULL = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"], "preload": False}
COLORS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"], "preload": False}
RUN = """async (options) => (await axe.run(document, options)).violations.flatMap((found) => found.nodes.map(
  (node) => `${found.id}: ${node.target.join(" ")}: ${node.html.slice(0, 160)} (${node.failureSummary})`))"""
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
    found += look(page)
    if place.hands is None:
        told = stage.everything_told()
        found += [text for text in in_english(page, place) if CODES.sub("", text) not in told]
    assert found == [], "\n".join(found)


def go(page: Page, place: Place, stage: Stage) -> None:
    page.goto(place.address(stage))
    if place.hands:
        place.hands(page)


def look(page: Page) -> list[str]:
    """What axe finds in both themes on both sizes, and what is wider than the screen."""
    page.evaluate(AXE_SCRIPT)
    found = []
    for size, name in ((DESKTOP, "desktop"), (PHONE, "phone")):
        page.set_viewport_size(size)
        # As high as the page, so that no bar at its lower edge hides half of a field.
        page.set_viewport_size({"width": size["width"], "height": page.evaluate("document.body.scrollHeight")})
        for theme, options in (("light", FULL), ("dark", COLORS)):
            page.evaluate("(theme) => { document.documentElement.dataset.bsTheme = theme; }", theme)
            found += [f"{name}, {theme}: {text}" for text in page.evaluate(RUN, options)]
        found += too_wide(page, size["width"])
    page.set_viewport_size(NARROW)
    return found + too_wide(page, NARROW["width"])


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
