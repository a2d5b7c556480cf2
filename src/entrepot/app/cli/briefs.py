"""The command that writes a brief."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from entrepot.app.cli.printing import require_page


def brief(
    name: Annotated[str, typer.Argument(metavar="brief", help="A shipped brief by name, or a YAML file.")],
    out: Annotated[
        Path | None, typer.Option(help="HTML file to write; default: NAME.html in the current folder.")
    ] = None,
    draws: Annotated[
        int | None, typer.Option(min=2, help="Number of Monte Carlo draws, overriding the number in the file.")
    ] = None,
) -> None:
    """Write a brief: statements, scenarios and studies.

    The brief is a self-contained HTML page, ready to print. It contains a summary, checked statements, simulated
    policies, goal seek, best responses, sensitivity, uncertainty, methods, sources, and the commands that reproduce it.

    Example: entrepot brief india-russia-2025 --out brief.html
    """
    require_page(out)
    import entrepot

    found = entrepot.load_brief(name)
    target = Path(f"{found.name}.html") if out is None else out
    require_page(target, found.inputs())
    joined = entrepot.gather(found, draws=draws, progress=_say)
    _say("writing the page")
    entrepot.write_brief(joined, target)
    print(f"wrote {target}", file=sys.stderr)


def _say(text: str) -> None:
    """Print a line of progress: the whole takes half a minute, and a log should tell where it is."""
    print(f"{text} …", file=sys.stderr, flush=True)
