"""Jinja templates, with all values escaped, and static files."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from entrepot.core.version import package_version
from entrepot.report.kit.wording import amount, capital, long_day, percent, signed

STATIC = Path(__file__).parent / "static"
MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("entrepot.app.web.desk", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "signed": signed, "percent": percent, "amount": amount, "capital": capital, "long_day": long_day,
    }  # fmt: skip
    environment.globals |= {"version": package_version(), "static": static_url}
    return environment


def render(template: str, **context: Any) -> str:
    """Return a template filled with its context: a page, or a fragment of one."""
    return _environment().get_template(template).render(**context)


@cache
def static_files() -> dict[str, tuple[bytes, str]]:
    """Return the static files by name: content and media type."""
    return {path.name: (path.read_bytes(), MEDIA_TYPES[path.suffix])
            for path in STATIC.iterdir() if path.suffix in MEDIA_TYPES}  # fmt: skip


@cache
def static_url(name: str) -> str:
    """Return the URL of a static file, with a hash of its content so that browsers can cache it forever."""
    return f"/static/{sha256(static_files()[name][0]).hexdigest()[:10]}/{name}"
