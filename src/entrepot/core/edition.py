"""Which edition of entrepot this is."""

from functools import cache
from importlib.metadata import version


@cache
def edition() -> str:
    """Return the version; read from the installed package once, because a server says it in every answer."""
    return version("entrepot")
