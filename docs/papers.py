"""`make papers`: every kind of paper as a small picture, and what a word processor makes of its editable file.

LibreOffice (Debian: libreoffice-writer-nogui, libreoffice-calc-nogui) is 200 MB and takes seconds for a file, so the
suite does without; here it opens every DOCX, and a table as XLSX, and must print them without having repaired anything.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent / "pictures" / "papers"
DENSITY = 60  # dots per inch: a page is then 496 pixels wide


def main() -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cchc.settings")
    django.setup()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        made = files(Path(place))
        print(f"{len(made)} files, pictures in {FOLDER.relative_to(Path.cwd())}")
        office = os.environ.get("SOFFICE") or shutil.which("soffice")
        if office is None:
            print("No LibreOffice here (SOFFICE=/path/to/soffice names one): the files were not opened.")
            return 0
        return opened(office, made, Path(place))


def files(place: Path) -> list[Path]:
    """The first page of each kind as a picture, its DOCX, and the values of one table as XLSX, in *place*."""
    from cchc.documents.docx import written
    from cchc.documents.table import table_response
    from cchc.documents.typesetting import pictures, sheet_of
    from tests.documents.paper_samples import AT, EVERY

    made = []
    for key, (template, data) in EVERY.items():
        pages = pictures(template, data, at=AT, density=DENSITY)
        (FOLDER / f"{key}.png").write_bytes(pages[0])
        sheet = sheet_of(template, data)
        made.append(place / f"{key}.docx")
        made[-1].write_bytes(written(sheet))
        for block in sheet["body"]:
            if block["kind"] == "table":
                made.append(place / f"{key}-table.xlsx")
                answer = table_response(key, block["head"], block["rows"])
                made[-1].write_bytes(b"".join(answer.streaming_content))
    return made


def opened(office: str, made: list[Path], place: Path) -> int:
    """Whether LibreOffice prints each file; what it cannot read it does not print, what it repairs it says."""
    profile = f"-env:UserInstallation=file://{place}/profile"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(place / "out")]
    done = subprocess.run([*command, *map(str, made)], capture_output=True, text=True, timeout=300, check=False)
    missing = [each.name for each in made if not (place / "out" / f"{each.stem}.pdf").is_file()]
    words = done.stdout + done.stderr
    if missing or "repair" in words.lower() or "error" in words.lower():
        print(words, file=sys.stderr)
        print(f"Not opened: {', '.join(missing) or 'none, but see above'}", file=sys.stderr)
        return 1
    print(f"LibreOffice opened all {len(made)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
