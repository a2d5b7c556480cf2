"""Facts about trade on the terminal."""

import pandas as pd
from rich.console import RenderableType
from rich.table import Table

from entrepot.data.facts import Facts


def render(rows: pd.DataFrame) -> RenderableType:
    """Return rows as a table, the largest first within each source, flow, product, period and unit."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    columns = ["reporter", "flow", "product", "period", "partner", "value", "unit", "source"]
    for name in columns:
        table.add_column(name, justify="right" if name == "value" else "left", no_wrap=name in ("value", "reporter"))
    group = ["source", "reporter", "flow", "product", "period", "unit"]
    ordered = rows.sort_values([*group, "value"], ascending=[*(True for _ in group), False], kind="stable")
    for row in ordered.to_dict("records"):
        table.add_row(*(f"{row[name]:,.3f}" if name == "value" else str(row[name]) for name in columns))
    return table


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
                "periods": f"{table['period'].min()} to {table['period'].max()}",
                "source": provenance.source if provenance else "not said",
                "licence": provenance.licence if provenance else "not said",
            }
        )
    return rows
