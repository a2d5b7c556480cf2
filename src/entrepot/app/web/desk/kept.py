"""Answers that a page keeps beside its own: each a state of the page, by the query of its URL."""

from dataclasses import replace
from typing import Any

import entrepot
from entrepot.app.web.api.resolve import requested_scenario, solve_cached
from entrepot.app.web.desk.state_to_request import selected_case, solve_request, with_pinned_date
from entrepot.app.web.desk.url_state import UrlState, parse
from entrepot.core.errors import InvalidDocument
from entrepot.equilibrium.result import Result
from entrepot.report.answers.comparison import assumed, rows


def side_by_side(state: UrlState, result: Result) -> dict[str, Any]:
    """Return the kept answers and the page's own as rows of tables, and links that drop one; None for one answer.

    Raises
    ------
    InputError
        A kept query that is no valid state with a scenario.
    """
    if not state.kept:
        return {"beside": None, "dropped": []}
    columns: dict[str, Result] = {}
    dropped = []
    for text in state.kept:
        solved = _solved(text)
        title = _titled(solved, columns)
        columns[title] = solved
        dropped.append((title, "/?" + state.updated(kept=tuple(one for one in state.kept if one != text)).query()))
    if state.updated(kept=()).query() not in state.kept:
        columns[_titled(result, columns)] = result
    return {"beside": rows(entrepot.compare(columns)) if len(columns) > 1 else None, "dropped": dropped}


def _solved(text: str) -> Result:
    state = with_pinned_date(replace(parse(text), kept=()))
    request = solve_request(state, selected_case(state))
    if request is None:
        raise InvalidDocument("keep: the kept scenario is empty; drop it from the URL")
    return solve_cached(request, requested_scenario(request))


def _titled(result: Result, columns: dict[str, Result]) -> str:
    """Return a title that no column has: the scenario's, then with what it assumes, then numbered."""
    title = result.scenario.title if result.scenario else "A change"
    for candidate in (title, f"{title} ({assumed(result)})"):
        if candidate not in columns:
            return candidate
    return f"{title} ({len(columns) + 1})"
