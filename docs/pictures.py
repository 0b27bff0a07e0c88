"""`make pictures`: the README's pictures, taken of the real site with its demo."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from cchc.embedded import chromium
from tests.browser.site import FLAGS, demo_site

FOLDER = Path(__file__).parent / "pictures"
DESK, PHONE = (1366, 768), (390, 844)


@dataclass(frozen=True)
class Picture:
    """What to photograph: *path* as *user*; *follow* is the link to open there first."""

    name: str
    user: str
    path: str
    follow: str = ""
    size: tuple[int, int] = DESK
    dark: bool = False


PICTURES = (
    Picture("login", "", "/login/"),
    Picture("home-leader", "hoach.dv", "/"),
    Picture("item", "hoach.dv", "/", follow="main .rows .btn >> text='Trả lời'"),
    Picture("item-list", "hoach.dv", "/items/"),
    Picture("conference", "van.ntt", "/conferences/", follow="main a[href^='/conferences/HN'] >> nth=-1"),
    Picture("ask-phone-dark", "khoi.nt", "/ask/", size=PHONE, dark=True),
)


def sign_in(page: Page, site: str, user: str) -> None:
    """By the demo's button for that account."""
    page.goto(f"{site}/login/")
    page.locator(f"form:has(input[name=username][value='{user}']) button").click()
    page.wait_for_url(lambda address: "login" not in address)


def take(browser: Browser, site: str, picture: Picture) -> None:
    width, height = picture.size
    context = browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN", reduced_motion="reduce")
    page = context.new_page()
    if picture.user:
        sign_in(page, site, picture.user)
    page.goto(site + picture.path)
    if picture.dark:
        page.locator("form[action='/settings/theme/'] button").first.click()
        page.goto(site + picture.path)
    if picture.follow:
        page.locator(picture.follow).first.click()
        page.wait_for_load_state()
    page.screenshot(path=FOLDER / f"{picture.name}.png")
    context.close()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        demo_site(Path(home), "cchc_pictures", print) as site,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(executable_path=chromium.find(), args=list(FLAGS))
        for picture in PICTURES:
            take(browser, site, picture)
            print(picture.name)
        browser.close()


if __name__ == "__main__":
    main()
