"""Headers for a browser's safety: those of responses, and what each page may load."""

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256

Header = tuple[bytes, bytes]

SAFE_POSTED: tuple[Header, ...] = ((b"x-content-type-options", b"nosniff"),)
"""Of what answers a POST: programs read it, and no browser opens it as a page. Each further header would cost time."""

SAFE: tuple[Header, ...] = (*SAFE_POSTED, (b"referrer-policy", b"no-referrer"))
"""Of every other response; a page has a policy of its own beside them."""

SAFE_DATA: tuple[Header, ...] = (*SAFE, (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"))
"""Of what is no page: opened as one, it may do nothing."""


def page_policy(
    *,
    scripts: Iterable[str] = (),
    styles: Iterable[str] = (),
    images: Iterable[str] = ("'self'", "data:"),
    fonts: Iterable[str] = ("'self'",),
    workers: Iterable[str] = (),
) -> str:
    """The Content-Security-Policy of a page that may do what is named here and ask its own server, and nothing else.

    Sources are written as in the header: `'self'`, an origin, a hash of `hash_of`, `'unsafe-inline'` (styles only).
    """
    scripts = list(scripts)
    if "'unsafe-inline'" in scripts or "'unsafe-eval'" in scripts:
        raise ValueError("give the hash of an inline script (hash_of)")
    directives = {
        "default-src": ["'none'"],
        "script-src": scripts,
        "style-src": styles,
        "img-src": images,
        "font-src": fonts,
        "worker-src": workers,
        "connect-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(
        f"{name} {' '.join(sources) or chr(39) + 'none' + chr(39)}" for name, sources in directives.items()
    )


def hash_of(script: str) -> str:
    """The source that stands for one inline script (or style), as it is between its tags."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"
