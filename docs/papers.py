"""`make papers`: the first page of every kind of paper as a small picture."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "pictures" / "papers"
DENSITY = 60  # dots per inch: a page is then 496 pixels wide


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cchc.settings")
    django.setup()
    from cchc.documents.typesetting import pictures
    from tests.documents.paper_samples import AT, EVERY

    FOLDER.mkdir(parents=True, exist_ok=True)
    for key, (template, data) in EVERY.items():
        (FOLDER / f"{key}.png").write_bytes(pictures(template, data, at=AT, density=DENSITY)[0])
    print(f"{len(EVERY)} pictures in {FOLDER.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main()
