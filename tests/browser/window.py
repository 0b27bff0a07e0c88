"""Windows of the browser: signed in or not, on a desktop or a phone, and everything that a page complains about."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, StorageState, ViewportSize

from dialogues.scenario.accounts import PASSWORD

DESKTOP: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
NARROW: ViewportSize = {"width": 320, "height": 640}
# A form that was refused answers 4xx, and Chromium reports every such answer: those of pages are looked at here below.
FAILED_LOAD = "Failed to load resource"
VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));"""


class Windows:
    """Opens windows and hears their complaints. Each person signs in once; later windows have the cookie."""

    def __init__(self, browser: Browser, site: str, patience: int) -> None:
        self.browser, self.site, self.patience = browser, site, patience
        self.complaints: list[str] = []
        self.cookies: dict[str, StorageState] = {}
        self.contexts: list[BrowserContext] = []
        self.kept: dict[str, Page] = {}

    def keep(self, username: str) -> Page:
        """The one window of *username* that stays open from test to test, with what it has loaded before."""
        if username not in self.kept:
            self.kept[username] = self.open(username)
            self.contexts.remove(self.kept[username].context)
        self.kept[username].set_viewport_size(DESKTOP)
        return self.kept[username]

    def open(self, username: str = "", size: ViewportSize = DESKTOP, *, fresh: bool = False, **options: Any) -> Page:
        """A page of *username*, or of a guest; *fresh*: in a session that no other window shares."""
        if username and not fresh:
            if username not in self.cookies:
                self.cookies[username] = self._signed_in(username)
            options["storage_state"] = self.cookies[username]
        touch = size["width"] < 600
        context = self.browser.new_context(
            base_url=self.site, viewport=size, locale="vi-VN", has_touch=touch, reduced_motion="reduce", **options
        )
        self.contexts.append(context)
        context.set_default_timeout(self.patience)
        context.add_init_script(VIOLATIONS)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("response", self._look)
        page = context.new_page()
        if username and fresh:
            sign_in(page, username)
        return page

    def close(self) -> list[str]:
        """Close all windows; returns what their pages complained about."""
        for context in self.contexts:
            context.close()
        self.contexts, heard, self.complaints = [], self.complaints, []
        return heard

    def _signed_in(self, username: str) -> StorageState:
        page = self.open(username, fresh=True)
        state = page.context.storage_state()
        page.context.close()
        return state

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(FAILED_LOAD):
            self.complaints.append(f"{message.type}: {message.text}")

    def _look(self, response: Response) -> None:
        of_page = response.request.resource_type in ("document", "xhr", "fetch")
        if response.status >= 500 or (response.status >= 400 and not of_page):
            self.complaints.append(f"{response.status} {response.url}")


def sign_in(page: Page, username: str) -> None:
    """By the demo's one click; whom the demo does not offer, by his password."""
    page.goto("/login/")
    offered = page.locator(f"form:has(input[value='{username}']) button")
    if offered.count():
        offered.click()
    else:
        page.locator("#id_username").fill(username)
        page.locator("#id_password").fill(PASSWORD)
        page.locator("#id_password").press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
