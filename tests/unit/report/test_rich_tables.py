"""Tables on a terminal: titles on one line, names in full where there is room, numbers never cut."""

import pytest
from rich.console import Console

from entrepot.report.kit.rich_tables import ranked_table

NAME = "Services, utilities and construction of every kind"
TITLE = "A title of more letters than its two narrow columns have between them"
ROWS = [["C1", NAME, "+1,234.567", "x" * 40], ["C2", "Short", "0.000", "y"]]


def printed(width: int) -> list[str]:
    console = Console(width=width, record=True, force_terminal=False, file=None, quiet=False)
    with console.capture() as captured:
        console.print(ranked_table(TITLE, ["", "sector", "change", "why not"], ROWS))
    return captured.get().splitlines()


@pytest.mark.parametrize("width", [80, 120, 200])
def test_a_title_stays_on_its_line(width: int) -> None:
    with_title = next(line for line in printed(width) if line.strip())
    assert with_title.strip() == TITLE
    assert max(map(len, printed(width))) <= width


def test_names_grow_with_the_terminal() -> None:
    assert any(NAME in line for line in printed(200))
    assert any(NAME in line for line in printed(120))
    narrow = printed(80)
    assert not any(NAME in line for line in narrow)
    assert any(line.startswith("C1 Services, utilities") and "…" in line for line in narrow)


@pytest.mark.parametrize("width", [45, 60, 80])
def test_numbers_and_codes_are_never_cut(width: int) -> None:
    text = "\n".join(printed(width))
    assert "+1,234.567" in text
    assert "C1" in text
