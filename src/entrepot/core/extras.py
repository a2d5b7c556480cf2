"""Optional packages: what each extra of entrepot installs, and one clear line where it is missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from entrepot.core.errors import MissingExtra

_CHARTS = ("altair", "countryinfo", "jinja2", "vl_convert")
MODULES = {
    "charts": _CHARTS,
    "cluster": ("distributed",),
    "comtrade": ("comtradeapicall", "requests", "urllib3"),
    "desk": (*_CHARTS, "fastapi", "prometheus_client", "uvicorn"),
}
"""The modules that each extra of pyproject.toml is for."""
USED_BY = {"charts": "charts and pages", "cluster": "a cluster", "comtrade": "UN Comtrade", "desk": "the desk"}


def require(extra: str) -> None:
    """Raise MissingExtra if an extra is not installed: before minutes are spent on what it would show.

    Parameters
    ----------
    extra
        As in `MODULES`.

    Raises
    ------
    MissingExtra
        One of its modules is not there; the message says how to install it.
    """
    for module in MODULES[extra]:
        try:
            found = find_spec(module)
        except (ImportError, ValueError):  # another finder refuses it, or None stands in its place in sys.modules
            found = None
        if found is None:
            raise _missing(extra, f"No module named {module!r}")


@contextmanager
def imports_of(extra: str) -> Iterator[None]:
    """Turn a failing import of an extra's modules into MissingExtra.

    Raises
    ------
    MissingExtra
        A module cannot be imported; the message says how to install it.
    """
    try:
        yield
    except ImportError as error:
        if (error.name or "").partition(".")[0] == "entrepot":
            raise  # a fault of ours, which no package mends
        raise _missing(extra, str(error)) from None


def _missing(extra: str, reason: str) -> MissingExtra:
    return MissingExtra(f"{USED_BY[extra]} cannot be used ({reason}); install it: pip install 'entrepot[{extra}]'")
