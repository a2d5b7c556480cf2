"""Facts about trade on the terminal."""

from dataclasses import dataclass
from functools import partial

import pandas as pd
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from entrepot.data.facts import Facts
from entrepot.report.answer import Answer, answer_for

COLUMNS = ["reporter", "flow", "product", "period", "partner", "value", "unit"]
GROUP = ["reporter", "flow", "product", "period", "unit"]


@dataclass(frozen=True, eq=False)
class FactRows:
    """Figures that were asked for, as :meth:`entrepot.Facts.rows` returns them."""

    rows: pd.DataFrame


def render(rows: pd.DataFrame) -> RenderableType:
    """Return a table a source, the largest figure first within each reporter, flow, product, period and unit."""
    ordered = rows.sort_values([*GROUP, "value"], ascending=[*(True for _ in GROUP), False], kind="stable")
    parts: list[RenderableType] = []
    for source, own in ordered.groupby("source", sort=True):
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
        for name in COLUMNS:
            table.add_column(name, justify="right" if name == "value" else "left", no_wrap=name == "value")
        for row in own.to_dict("records"):
            table.add_row(*(f"{row[name]:,.3f}" if name == "value" else str(row[name]) for name in COLUMNS))
        parts += [Text(f"{source}", style="bold"), table, Text("")]
    return Group(*parts[:-1])


def sources(facts: Facts) -> list[dict[str, str]]:
    """Return one row a source: how many figures, on what, when, from where."""
    rows = []
    for name, provenance in facts.sources.items():
        table = facts.rows(source=[name])
        rows.append(
            {
                "name": name,
                "title": provenance.title if provenance else "a file of one's own, without a sidecar",
                "figures": str(len(table)),
                "products": ", ".join(sorted(table["product"].unique())),
                "periods": ", ".join(sorted({table["period"].min(), table["period"].max()})).replace(", ", " to "),
                "source": provenance.source if provenance else "not said",
                "licence": provenance.licence if provenance else "not said",
            }
        )
    return rows


@answer_for.register
def _answer(facts: FactRows) -> Answer:
    rows = facts.rows
    return Answer(
        document=lambda: rows.to_dict("records"),
        render=partial(render, rows),
        table=lambda: rows,
        tables=lambda: {"Figures": rows},
        title="Facts about trade",
    )
