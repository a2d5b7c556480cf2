"""What happened, in sentences with their numbers."""

from entrepot.core.units import pct
from entrepot.equilibrium.key_numbers import KeyNumbers, key_numbers
from entrepot.equilibrium.result import Result
from entrepot.policy.scenario import Focus
from entrepot.report.kit.wording import NO_BREAK, capital, name_in_sentence, percent, signed


def headline(result: Result, focus: Focus, known: KeyNumbers | None = None) -> str:
    """Return what happened to the pair in focus, in one sentence; its numbers, where they are `known` already."""
    numbers = known or key_numbers(result, focus)
    seller, buyer = (name_in_sentence(result.economy, code) for code in (focus.exporter, focus.importer))
    year = f" at {_year(result)} prices" if _year(result) else ""
    whole = "real income" if result.model.inputs else "gross output (input links are off)"
    size = f"{result.economy.currency} {_size(numbers.exporter_income_bn)} billion a year{year}"
    return capital(
        f"{seller} {gains(numbers.exporter_income_pct)} of its {whole}, {size}, "
        f"{buyer} {gains(numbers.importer_income_pct)}; "
        f"{seller}'s goods exports to {buyer} {_moves(numbers.flow_pct)}."
    )


def winners(result: Result, focus: Focus, sure: set[str], count: int = 3) -> str:
    """Return who gains most and who else loses most, in one sentence, among the countries that one can be `sure` of."""
    table = result.countries
    others = table.drop([code for code in (focus.exporter, focus.importer) if code in table.index])
    others = others[others.index.isin(sure)]
    up = others[others["real_income_hat"] > 1].iloc[::-1][:count]
    down = others[others["real_income_hat"] < 1][:count]
    parts = []
    for most, rows in (("the largest gains are in", up), ("the largest losses in", down)):
        named = [
            f"{name_in_sentence(result.economy, str(code))} ({percent(pct(hat))})"
            for code, hat in rows["real_income_hat"].items()
        ]
        if named:
            parts.append(f"{most} {', '.join(named[:-1])}{' and ' if named[1:] else ''}{named[-1]}")
    return f"Elsewhere, {', '.join(parts)}." if parts else ""


def gains(change_pct: float) -> str:
    """Return "loses 0.22 %", or that it is nothing measurable."""
    size = percent(abs(change_pct)).lstrip("+")
    if float(size.split()[0].replace(",", "")) == 0:
        return "neither gains nor loses a measurable part"
    return f"{'gains' if change_pct > 0 else 'loses'} {size}"


def _moves(change_pct: float) -> str:
    if abs(change_pct) < 0.05:
        return "hardly move"
    decimals = 0 if abs(change_pct) >= 10 else 1
    return f"{'rise' if change_pct > 0 else 'fall'} by {abs(change_pct):.{decimals}f}{NO_BREAK}%"


def _size(billion: float) -> str:
    return signed(abs(billion), 1 if abs(billion) >= 1 else 2).lstrip("+")


def _year(result: Result) -> str:
    """Return the year whose prices are meant: the first that the economy names, where a recipe names more."""
    return result.economy.provenance.year.partition(";")[0] if result.economy.provenance else ""
