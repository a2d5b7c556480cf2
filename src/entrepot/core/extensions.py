"""Functions of rooms further right that objects further left offer as methods.

An economy can be rebalanced, which takes the solver; the solver imports the economy. The front door (`entrepot`), which
may know every room, registers where such a function is found; it is imported when it is first called.
"""

from importlib import import_module
from typing import Any

_REGISTERED: dict[str, str] = {}


def register_extension(name: str, where: str) -> None:
    """Register a function under a name; `where` is ``"package.module:function"``."""
    _REGISTERED[name] = where


def extension(name: str) -> Any:
    """Return the function that is registered under a name, importing its module."""
    module, _, function = _REGISTERED[name].partition(":")
    return getattr(import_module(module), function)


class HtmlRepr:
    """An object that a notebook shows as HTML, which the report makes."""

    def _repr_html_(self) -> str:
        made: str = extension("repr_html")(self)
        return made


class NamedRepr(HtmlRepr):
    """An object that has a `name` and a `title`, and says no more of itself in one line."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({getattr(self, 'name')!r}: {getattr(self, 'title')})"  # noqa: B009 (a mixin)
