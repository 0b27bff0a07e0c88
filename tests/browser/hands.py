"""What hands do on an item's page: press a step of the action bar, fill in its dialog."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from dialogues.models import Item


def open_item(page: Page, item: Item) -> None:
    page.goto(f"/items/{item.pk}/")


def press(page: Page, action: str) -> None:
    """The button of this step, which on a narrow page may stand under "other actions"."""
    button = page.locator(f"#abar [data-action='{action}']:visible")
    if not button.count():
        page.locator("#abar").get_by_role("button", name="Việc khác").click()
    button.first.click()


def dialog(page: Page, action: str) -> Locator:
    """Press the step and give its dialog, whose buttons stand on the screen however long it is."""
    press(page, action)
    box = page.locator("#move")
    expect(box).to_be_visible()
    expect(box.locator(".modal-footer")).to_be_in_viewport(ratio=1)
    return box


def send(box: Locator) -> None:
    """Confirm the dialog: its last button."""
    box.locator("button[type=submit]").last.click()


def done(page: Page, text: str) -> None:
    """The step is made, and the page says so."""
    expect(page.get_by_role("status")).to_contain_text(text)
