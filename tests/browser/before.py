"""What hands do on a page before one looks at it (tests/browser/places.py)."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.hands import dialog
from tests.browser.stage import words


def press(name: str) -> Callable[[Page], None]:
    def hands(page: Page) -> None:
        page.locator("main, .abar").get_by_role("button", name=name, exact=True).last.click()

    return hands


def step(action: str) -> Callable[[Page], None]:
    def hands(page: Page) -> None:
        dialog(page, action)

    return hands


def find_alike(page: Page) -> None:
    page.locator("#id_text").fill("Cấp lại chứng minh nhân dân mất bao lâu, nếu chậm thì có được báo trước không?")
    page.locator("#similar details").first.wait_for()


def ask_without_a_name(page: Page) -> None:
    page.locator("#id_text").fill(words())
    page.locator("input[name=identity][value=anonymous]").check()
    if page.locator("input[name=audience]").count():
        page.locator("input[name=audience]").first.check()
    page.locator("main, .abar").get_by_role("button", name="Gửi", exact=True).last.click()
    page.locator("#code").wait_for()


def look_up(page: Page) -> None:
    ask_without_a_name(page)
    code = page.locator("#code").inner_text()
    page.goto("/track/")
    page.locator("#id_code").fill(code)
    page.locator("main button[type=submit]").last.click()
    page.locator("#h-words").wait_for()


def give_a_table(page: Page) -> None:
    table = "full_name,unit,role\nLê Thị Ánh,TH-DQLHC,vua\nNguyễn Văn An,TH-DQLHC,officer\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "bang.csv", "mimeType": "text/csv", "buffer": table.encode()}
    )
    page.locator("main button[type=submit]").first.click()
    page.locator("[data-mark='error']").first.wait_for()


def send(page: Page) -> None:
    page.locator("main form button[type=submit]").first.click()


def withdraw(page: Page) -> None:
    page.locator("#id_source").fill("Thông báo số 15/TB-UBND")
    send(page)
    page.locator("#h-moved").wait_for()


def enter(page: Page) -> None:
    page.goto("/ask/guest/")


def refused_guest(page: Page) -> None:
    enter(page)
    press("Gửi")(page)
    page.locator("[data-errors]").wait_for()


def submit(page: Page) -> None:
    page.locator("main button.btn-primary:not([type=button])").last.click()
    page.locator("[data-errors]").first.wait_for()


def without_title(page: Page) -> None:
    page.locator("#id_title").fill("")
    submit(page)


def half_a_task(page: Page) -> None:
    page.locator("textarea").first.fill("Một việc chưa ghi đủ")
    submit(page)
