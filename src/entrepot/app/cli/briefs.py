"""The command that joins statements, scenarios and studies into one document, and the list of what is shipped."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from entrepot.app.cli.printing import AsJson, list_rows
from entrepot.core.errors import InputError


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (brief, briefs):
        app.command()(command)


def brief(
    name: Annotated[str, typer.Argument(metavar="brief", help="A shipped brief by name, or a YAML file.")],
    out: Annotated[
        Path | None, typer.Option(help="The HTML file to write; left out, the brief's name in this folder.")
    ] = None,
    draws: Annotated[
        int | None, typer.Option(min=2, help="Of every fan of draws, in place of the number in the file.")
    ] = None,
) -> None:
    """Join statements, scenarios and studies into one document: the answer first, then what it stands on.

    A self-contained page that prints: what was said and whether it is true, what each policy would do, what a goal
    would take, best responses, what matters most, how sure the numbers are, method, sources, and how to reproduce it.

    Example: entrepot brief india-russia-2025 --out brief.html
    """
    from entrepot.data.files import require_writable

    if out is not None:
        require_writable(out)
    import entrepot

    found = entrepot.load_brief(name)
    target = Path(f"{found.name}.html") if out is None else out
    require_writable(target)
    if any(target.exists() and read.exists() and target.samefile(read) for read in found.inputs()):
        raise InputError(f"{target} is what is being read; name another file")
    joined = entrepot.gather(found, draws=draws, progress=_say)
    _say("drawing the page")
    entrepot.write_brief(joined, target)
    print(f"wrote {target}", file=sys.stderr)


def briefs(as_json: AsJson = False) -> None:
    """List the shipped briefs with the questions they answer.

    Example: entrepot briefs
    """
    from entrepot.brief.spec import load_brief
    from entrepot.data import shipped

    found = [load_brief(one) for one in shipped.names("briefs")]
    rows = [
        {"name": one.name, "title": one.title, "date": str(one.date), "question": one.question,
         "reference": one.reference}
        for one in found
    ]  # fmt: skip
    list_rows(rows, as_json)


def _say(text: str) -> None:
    """Print a line of progress: the whole takes half a minute, and a log should tell where it is."""
    print(f"{text} …", file=sys.stderr, flush=True)
