"""The outlines of the world's economies, drawn once: a map is then only a matter of shades."""

import re
from dataclasses import dataclass
from functools import lru_cache

from entrepot.core.extras import imports_of
from entrepot.economy.economy import Economy
from entrepot.report.kit import charts

with imports_of("charts"):
    import vl_convert

WIDTH = 760
_SHAPE = re.compile(
    r'<path aria-label="([A-Z]{3})"[^>]*?transform="translate\(([-\d.]+),([-\d.]+)\)"[^>]*? d="([^"]+)"'
)
_BOX = re.compile(r'viewBox="([^"]+)"')
_LONG = re.compile(r"-?\d+\.\d+")


@dataclass(frozen=True)
class Shape:
    """One country on the map: where it is, and whether it is a dot because no outline could be seen."""

    code: str
    path: str
    x: float
    y: float
    dot: bool


@dataclass(frozen=True)
class Stencil:
    """The world, not yet shaded."""

    box: str
    shapes: tuple[Shape, ...]


@lru_cache(maxsize=4)
def stencil(codes: tuple[str, ...]) -> Stencil:
    """Return the outlines of the world, dots for those of `codes` that are too small, in one projection.

    Drawing takes most of a second, and nothing but the shades depends on what is shown.
    """
    drawn = vl_convert.vegalite_to_svg(charts.outlines_alone(codes, WIDTH).to_dict(validate=False))
    box = _BOX.search(drawn)
    assert box is not None, "a drawing has a size"
    shapes = tuple(
        Shape(code, _LONG.sub(_short, path), float(x), float(y), dot=bool(float(x) or float(y)))
        for code, x, y, path in _SHAPE.findall(drawn)
    )
    return Stencil(box[1], shapes)


def stencil_of(economy: Economy) -> Stencil:
    """Return the stencil of an economy's map."""
    return stencil(tuple(economy.countries))


def _short(number: re.Match[str]) -> str:
    """Return a coordinate to a tenth of a pixel: more cannot be seen."""
    return f"{float(number[0]):.1f}".removesuffix(".0")
