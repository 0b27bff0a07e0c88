"""Front-end files: unchanged, complete, and free of what the content policy or the privacy rules forbid."""

from __future__ import annotations

import base64
import hashlib
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from fontTools.ttLib import TTFont

from cchc.web import assets

VIETNAMESE = "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ0123456789₫“”–…"
# Published by Bootstrap for 5.3.8.
CSS = "sRIl4kxILFvY47J16cr9ZwB07vP4J8+LH7qKQnuqkuIAvNWLzeN8tE5YBujZqJLB"
BUNDLE = "FKyoEForCGlyvwx9Hj09JcYn3nv7wiPVlz7YYwJrWVcXK/BmnVDxM+D2scQbITxI"


def sha384(name: str) -> str:
    path = assets.package_file(name)
    assert path is not None
    return base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def test_bootstrap_is_the_published_one() -> None:
    assert (sha384("vendor/bootstrap.min.css"), sha384("vendor/bootstrap.bundle.min.js")) == (CSS, BUNDLE)


def test_every_asset_is_found_and_nothing_else_of_the_wheels() -> None:
    finder = assets.PackageAssetFinder()
    assert {name for name, _storage in finder.list(None)} == set(assets.ASSETS)
    assert all(Path(finder.find(name)).is_file() for name in assets.ASSETS)
    assert finder.find("vendor/bootstrap.css") is None
    assert finder.find("../settings.py", find_all=True) == []


def test_a_missing_wheel_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert assets.check_assets() == []
    monkeypatch.setitem(assets.ASSETS, "vendor/x.css", ("no_such_package", "x.css"))
    assert [error.id for error in assets.check_assets()] == ["web.E001"]


@pytest.mark.parametrize("weight", ["Regular", "Medium", "SemiBold", "Bold"])
def test_the_cut_font_has_every_letter_and_is_small(weight: str) -> None:
    data = Path(finders.find(f"fonts/BeVietnamPro-{weight}.woff2")).read_bytes()
    letters = set(TTFont(BytesIO(data)).getBestCmap())
    assert {char for char in VIETNAMESE + VIETNAMESE.upper() if ord(char) not in letters} == set()
    assert len(data) < 20_000


def test_collected_files_point_at_each_other(tmp_path: Path) -> None:
    storage = assets.ManifestStorage(location=str(tmp_path), base_url="/static/")
    names = ["theme.css", "js/app.js", "vendor/htmx.min.js", *(f"js/{path.name}" for path in (STATIC / "js").iterdir())]
    names += [name for name in assets.ASSETS if name.startswith("fonts/")]
    for name in names:
        storage.save(name, ContentFile(Path(finders.find(name)).read_bytes()))
    made = {name: new for name, new, _done in storage.post_process({name: (storage, name) for name in names})}
    script = (tmp_path / made["js/app.js"]).read_text()
    assert f'from "./{Path(made["js/toasts.js"]).name}"' in script
    assert Path(made["fonts/BeVietnamPro-Bold.woff2"]).name in (tmp_path / made["theme.css"]).read_text()
    assert storage.url("theme.css") == f"/static/{made['theme.css']}"


def test_before_collecting_addresses_are_plain(tmp_path: Path) -> None:
    assert assets.ManifestStorage(location=str(tmp_path), base_url="/static/").url("theme.css") == "/static/theme.css"


STATIC = Path(project.BASE_DIR) / "static"
TEMPLATES = sorted((Path(project.BASE_DIR) / "templates").rglob("*.html"))
FORBIDDEN_SCRIPT = re.compile(
    r"localStorage|sessionStorage|indexedDB|document\.cookie|\beval\(|new Function|innerHTML|https?://"
)
FORBIDDEN_MARKUP = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|\|\s*safe\b|javascript:|hx-on|https?://(?!www\.w3\.org)"
)


@pytest.mark.parametrize("path", sorted((STATIC / "js").iterdir()), ids=lambda path: path.name)
def test_scripts_store_and_evaluate_nothing(path: Path) -> None:
    assert FORBIDDEN_SCRIPT.findall(path.read_text()) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(project.BASE_DIR)))
def test_templates_have_nothing_inline(path: Path) -> None:
    assert FORBIDDEN_MARKUP.findall(path.read_text()) == []


def test_every_icon_asked_for_exists() -> None:
    drawn = set(re.findall(r'id="i-([\w-]+)"', (STATIC / "icons.svg").read_text()))
    asked: dict[str, Any] = {}
    for path in TEMPLATES:
        for name in re.findall(r"""{% (?:icon|glyph) ["']([\w-]+)["']""", path.read_text()):
            asked[name] = path
    assert {name: path for name, path in asked.items() if name not in drawn} == {}


def test_the_style_sheet_stays_readable() -> None:
    assert len((STATIC / "theme.css").read_text().splitlines()) < 400
