"""Front-end files from wheels: exactly the ones a page uses, none copied into the project."""

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from cchc.web.fonts import web_font

# address under STATIC_URL -> (package, file in the package)
ASSETS = {
    "vendor/bootstrap.min.css": ("bootstrap", "css/bootstrap.min.css"),
    "vendor/bootstrap.bundle.min.js": ("bootstrap", "js/bootstrap.bundle.min.js"),
    "vendor/htmx.min.js": ("django_htmx", "static/django_htmx/htmx-2.min.js"),
    "fonts/BeVietnamPro-Regular.woff2": ("fontpkg_be_vietnam_pro", "files/BeVietnamPro-Regular.ttf"),
    "fonts/BeVietnamPro-Medium.woff2": ("fontpkg_be_vietnam_pro", "files/BeVietnamPro-Medium.ttf"),
    "fonts/BeVietnamPro-SemiBold.woff2": ("fontpkg_be_vietnam_pro", "files/BeVietnamPro-SemiBold.ttf"),
    "fonts/BeVietnamPro-Bold.woff2": ("fontpkg_be_vietnam_pro", "files/BeVietnamPro-Bold.ttf"),
}


def package_file(name: str) -> Path | None:
    """Where the installed wheel keeps the source of this asset; None when the package or the file is missing."""
    package, inside = ASSETS[name]
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(next(iter(spec.submodule_search_locations)), inside)
    return path if path.is_file() else None


def asset_file(name: str) -> Path | None:
    """The file to serve: as it lies in the wheel, or made from it."""
    source = package_file(name)
    return web_font(source) if source and name.endswith(".woff2") else source


def check_assets(**kwargs: Any) -> list[CheckMessage]:
    """A missing wheel stops the start, instead of showing pages without style."""
    return [
        Error(
            f"The static file {name} is missing: package {ASSETS[name][0]} does not carry {ASSETS[name][1]}.",
            hint="Install the packages of pyproject.toml.",
            id="web.E001",
        )
        for name in ASSETS
        if package_file(name) is None
    ]


class PackageStorage(FileSystemStorage):
    """Read-only view of ASSETS."""

    def path(self, name: str) -> str:
        path = asset_file(name)
        if path is None:
            raise FileNotFoundError(name)
        return str(path)


class PackageAssetFinder(BaseFinder):
    """Finds the named files and nothing else of those packages."""

    storage = PackageStorage()

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return check_assets()

    # django-stubs knows only the older name of the argument.
    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = asset_file(path) if path in ASSETS else None
        if find_all:
            return [str(found)] if found else []
        return str(found) if found else None

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, PackageStorage]]:
        for name in ASSETS:
            yield name, self.storage


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """Hashed, compressed files. Rewrites addresses in our CSS and imports of our own modules, and nothing else.

    Source maps are not shipped, so Django's rule for them would stop `collectstatic`.
    """

    patterns = (
        (
            "*.css",
            (
                r"""(?P<matched>url\(['"]{0,1}\s*(?P<url>.*?)["']{0,1}\))""",
                (r"""(?P<matched>@import\s*["']\s*(?P<url>.*?)["'])""", """@import url("%(url)s")"""),
            ),
        ),
        ("js/*.js", ((r"""(?P<matched>from\s*["'](?P<url>\./[\w.-]+)["'])""", """from "%(url)s\""""),)),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # FILE_UPLOAD_PERMISSIONS is for private files; these may be served by another process.
        super().__init__(*args, file_permissions_mode=0o644, directory_permissions_mode=0o755, **kwargs)

    def stored_name(self, name: str) -> str:
        # Before the first collectstatic (tests, development) there is no manifest at all: plain names then.
        return super().stored_name(name) if self.hashed_files else name
