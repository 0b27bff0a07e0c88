"""The browser that tests and pictures use: `python -m cchc.embedded.chromium` prints its path, or installs it."""

import sys

from cchc.embedded.program import Program

CHROMIUM = Program(
    "CHROMIUM",
    # The shell first: it draws the same pages without what only a window needs.
    ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    ("chromium-headless-shell",),
    "The browser tests need Chromium. Install it (Debian: sudo apt install chromium-headless-shell; Fedora: sudo dnf "
    "install chromium), or name one: make test CHROMIUM=/path/to/chrome",
)
find, main = CHROMIUM.find, CHROMIUM.main

if __name__ == "__main__":
    sys.exit(main())
