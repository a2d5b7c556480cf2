"""Pages that need nothing else: a template with its values, charts drawn wide and narrow."""

from collections.abc import Callable, Mapping
from typing import Any

from entrepot.core.extras import imports_of
from entrepot.report.kit import charts
from entrepot.report.kit.wording import amount, capital, long_day, percent, signed, spoken_days, tight

with imports_of("charts"):
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup, escape

WIDTHS = {"wide": 760, "narrow": 340}
"""Pixels of a chart on a desk and on a telephone; both are drawn, the page shows one."""


def page(template: str, **values: Any) -> str:
    """Return a template of this folder with its values filled in; whatever is a text is escaped."""
    environment = Environment(
        loader=PackageLoader("entrepot.report", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "signed": signed,
        "percent": percent,
        "amount": amount,
        "capital": capital,
        "code": code,
        "long_day": long_day,
        "spoken_days": spoken_days,
        "tight": tight,
    }
    return environment.get_template(template).render(**values)


def code(text: str) -> Markup:
    """Return a text with what stands between backticks set as code; everything in it is escaped."""
    parts = escape(text).split("`")
    if len(parts) % 2 == 0:  # a lone backtick is a letter like any other
        return escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else part for number, part in enumerate(parts)
    )


def drawn(draw: Callable[[int], Any], key: str, widths: Mapping[str, int] = WIDTHS) -> Markup:
    """Return a chart at each width, of which the page's style shows one.

    `key` is the chart's own on its page: names inside its drawings begin with it.
    """
    return Markup(
        "".join(
            f'<div class="{kind}">{charts.svg(draw(width), f"{key}-{kind}")}</div>' for kind, width in widths.items()
        )
    )
