"""The version of entrepot."""

from functools import cache
from importlib.metadata import version


@cache
def package_version() -> str:
    """Return the version; read from the installed package once, because a server says it in every answer."""
    return version("entrepot")
