"""What tests open DOCX and XLSX with: `python -m cchc.embedded.soffice` prints LibreOffice's path, or installs it."""

import sys

from cchc.embedded.program import Program

SOFFICE = Program(
    "SOFFICE",
    ("soffice", "libreoffice"),
    ("libreoffice-writer-nogui", "libreoffice-calc-nogui"),
    "The tests of editable papers and of tables need LibreOffice. Install it (Debian: sudo apt install "
    "libreoffice-writer-nogui libreoffice-calc-nogui; Fedora: sudo dnf install libreoffice-writer libreoffice-calc), "
    "or name one: make test SOFFICE=/path/to/soffice",
    lean=True,
)
find, main = SOFFICE.find, SOFFICE.main

if __name__ == "__main__":
    sys.exit(main())
