"""Pages from templates: everything that comes from outside is escaped."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from entrepot.core.version import package_version
from entrepot.report.kit.wording import amount, capital, long_day, percent, signed

STATIC = Path(__file__).parent / "static"
MEDIA = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("entrepot.app.web.desk", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "signed": signed, "percent": percent, "amount": amount, "capital": capital, "long_day": long_day,
    }  # fmt: skip
    environment.globals |= {"version": package_version(), "static": static_address}
    return environment


def rendered(template: str, **shown: Any) -> str:
    """Return a page, or a piece of one."""
    return _environment().get_template(template).render(**shown)


@cache
def static_files() -> dict[str, tuple[bytes, str]]:
    """Return what the page loads, by name: its bytes and what they are."""
    return {path.name: (path.read_bytes(), MEDIA[path.suffix]) for path in STATIC.iterdir() if path.suffix in MEDIA}


@cache
def static_address(name: str) -> str:
    """Return where a file of the page is, with a mark of its content, so that browsers may keep it for ever."""
    return f"/static/{sha256(static_files()[name][0]).hexdigest()[:10]}/{name}"
