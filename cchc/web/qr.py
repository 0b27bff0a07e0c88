"""QR codes as inline SVG, without a style attribute (the CSP forbids those)."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from segno import make

from cchc.web.panels import Text


def qr(text: str, label: Text, scale: int | None = 5) -> SafeString:
    """A picture of *text* named *label*; each of its squares is *scale* pixels wide, or all as wide as their place."""
    size = {"scale": scale} if scale else {"omitsize": True}
    drawn = make(text, error="m", micro=False).svg_inline(**size, border=2, svgclass="qr", lineclass=None)
    return format_html('<span role="img" aria-label="{}">{}</span>', label, mark_safe(drawn))  # noqa: S308  no text in it
