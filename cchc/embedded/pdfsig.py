"""What tests ask about signatures beside pyHanko: `python -m cchc.embedded.pdfsig` prints its path, or installs it."""

import sys

from cchc.embedded.program import Program

PDFSIG = Program(
    "PDFSIG",
    ("pdfsig",),
    ("poppler-utils",),
    "The tests of sealed papers need Poppler's pdfsig. Install it (Debian: sudo apt install poppler-utils; Fedora: "
    "sudo dnf install poppler-utils), or name one: make test PDFSIG=/path/to/pdfsig",
)
find, main = PDFSIG.find, PDFSIG.main

if __name__ == "__main__":
    sys.exit(main())
