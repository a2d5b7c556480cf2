"""Numbers and names as a sentence needs them."""

import datetime
import math
import re
from typing import TYPE_CHECKING

from entrepot.data.words import SpokenName, name_of, names
from entrepot.economy.economy import Economy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from entrepot.equilibrium.derivatives.outcome import Outcome

MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"


def name_in_sentence(economy: Economy, code: str) -> str:
    """Return "the United States" for USA, "the EU" for EU27; a code without a name stays."""
    return _name(economy, code).spoken


def possessive(economy: Economy, code: str) -> str:
    """Return a country or bloc as an owner: "India's", "the United States'", "the EU's"."""
    return _name(economy, code).possessive


def adjective(economy: Economy, code: str) -> str:
    """Return what stands before goods: "Chinese", "US", "EU"; the possessive where no adjective is known."""
    name = _name(economy, code)
    return name.adjective or name.possessive


def _name(economy: Economy, code: str) -> SpokenName:
    """Return the words for a country or bloc: the economy's own name where the shipped table has another country."""
    own = economy.countries.get(code, code)
    if own == code and code in economy.countries:
        return SpokenName(code, "", code, "", ())  # an economy of codes without names: no article
    return names("country").get(code) or SpokenName(code, "", own, "", ())


def sector_in_sentence(economy: Economy, code: str) -> str:
    """Return "motor vehicles" for C29, "pharmaceuticals" for the group pharma; a word that is no code stays."""
    if code in economy.sectors and code not in names("sector"):
        own = economy.sectors[code]
        return own if own == code else own[:1].lower() + own[1:]
    return name_of("sector", code).name


def listed_in_sentence(economy: Economy, codes: str) -> str:
    """Return "India and the United States" for IND,USA, "the EU" for EU27, "all countries but India" for all,-IND."""
    named = [code.strip() for code in codes.split(",")]
    without = [name_in_sentence(economy, code[1:]) for code in named if code.startswith("-")]
    within = joined(
        [name_in_sentence(economy, code) for code in named if not code.startswith("-")] or ["all countries"]
    )
    return f"{within} but {joined(without)}" if without else within


def outcome_in_words(outcome: "Outcome", economy: Economy) -> str:
    """Return an outcome as a sentence has it: "the balance of trade of India with Russia (goods)"."""
    places = zip(outcome.kind.pattern, outcome.codes, strict=False)
    names = [listed_in_sentence(economy, code) for place, code in places if place != "sectors"]
    goods = f" ({_sectors_in_words(outcome, economy)})" if "sectors" in outcome.kind.pattern else ""
    return f"{outcome.kind.phrase} of {f' {outcome.kind.between} '.join(names)}{goods}"


def _sectors_in_words(outcome: "Outcome", economy: Economy) -> str:
    """Return what an outcome counts: goods, the sectors that it names, or all; headlines count goods alone."""
    named = outcome.codes[outcome.kind.pattern.index("sectors") :]
    if named and named[0] != "all":
        return joined([sector_in_sentence(economy, code.strip()) for code in named[0].split(",")])
    return "goods and services" if len(economy.goods) < len(economy.sectors) else "all sectors"


def outcome_number(outcome: "Outcome", value: float, decimals: int) -> str:
    """Return an outcome in its unit: a change with its sign, "+0.07"; a level without, "78.20", unless below zero."""
    text = signed(value, decimals)
    return text if outcome.is_ratio else text.removeprefix("+")


def outcome_key(outcomes: "Iterable[Outcome]", economy: Economy) -> str:
    """Return what the headings of a table mean, one outcome a line: "trade:IND:USA: sales of India to ..."."""
    return "\n".join(f"{one.text}: {outcome_in_words(one, economy)}, {one.unit(economy)}" for one in outcomes)


def capital(sentence: str) -> str:
    """Return the sentence with its first letter in upper case."""
    return sentence[:1].upper() + sentence[1:]


def uncapital(sentence: str) -> str:
    """Return a sentence as it goes on after a colon: "The duties" becomes "the duties", names stay as they are."""
    first = sentence.partition(" ")[0]
    return sentence[:1].lower() + sentence[1:] if first in {"The", "For", "All", "A", "An", "No"} else sentence


def tight(text: str) -> str:
    """Return a text whose numbers stay on one line with their per cent sign."""
    return re.sub(r"(?<=\d) %", f"{NO_BREAK}%", text)


def long_day(day: datetime.date) -> str:
    """Return "21 August 2025"; `strftime` has no day without a leading zero on every operating system."""
    return f"{day.day} {day:%B} {day.year}"


def spoken_days(text: str) -> str:
    """Return a text with its days as people say them: "21 August 2025" for 2025-08-21."""

    def spoken(found: re.Match[str]) -> str:
        try:
            day = datetime.date.fromisoformat(found[0])
        except ValueError:
            return found[0]
        return long_day(day).replace(" ", NO_BREAK)

    return re.sub(r"\b\d{4}-\d{2}-\d{2}\b", spoken, text)


def joined(parts: list[str]) -> str:
    """Return parts of a sentence with commas, and "and" before the last."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def signed(value: float, decimals: int = 2) -> str:
    """Return "+0.07" or "−0.22"; zero after rounding has no sign."""
    text = f"{abs(value):,.{decimals}f}"
    if float(text.replace(",", "")) == 0:
        return text
    return (MINUS if value < 0 else "+") + text


def amount(value: float, decimals: int = 1) -> str:
    """Return a quantity with separated thousands: "1,039.5"."""
    return f"{value:,.{decimals}f}"


def hundredths(share: float, decimals: int = 2) -> str:
    """Return a share or a rate as a number in per cent, for columns that name the unit: "12.35"."""
    return f"{100 * share:.{decimals}f}"


def percent(value: float) -> str:
    """Return a change in per cent with two decimals, more where they would all be zero: "−0.22 %", "+0.004 %"."""
    return f"{signed(value, decimals_for(value))}{NO_BREAK}%"


def decimals_for(value: float, least: int = 2, most: int = 4) -> int:
    """Return how many decimals show one significant digit of `value`, between `least` and `most`."""
    if value == 0 or not math.isfinite(value):
        return least
    return max(least, min(most, -math.floor(math.log10(abs(value)))))


def sides(outcome: "Outcome", shown: float) -> tuple[str, str]:
    """Return what values below and above one are called: "more severe" and "milder" than a loss of 0.22 %.

    Parameters
    ----------
    outcome
        What the value is of. One that is no change in per cent has lower and higher values.
    shown
        The value, as reports show it.
    """
    if not outcome.is_ratio:
        return "lower", "higher"
    if (shown < 0) == (outcome.kind.better == "higher"):  # bad news, or none
        return ("more severe", "milder") if shown < 0 else ("milder", "more severe")
    return ("larger", "smaller") if shown < 0 else ("smaller", "larger")


def span(low: float, high: float, unit: str = "%", plain: bool = False) -> str:
    """Return "−0.39 to −0.20 %", with decimals that tell the ends apart.

    `plain` is for ends of one sign, which it leaves out: "0.20 to 0.39 %", the smaller amount first.
    """
    decimals = span_decimals(low, high)
    ends = sorted((abs(low), abs(high))) if plain else [low, high]
    first, last = (signed(one, decimals).lstrip("+" if plain else "") for one in ends)
    return f"{first}{NO_BREAK}{unit}" if first == last else f"{first} to {last}{NO_BREAK}{unit}"


def span_decimals(low: float, high: float) -> int:
    """Return how many decimals tell two ends apart: two for a few per cent, one for amounts of ten and more."""
    largest, width = max(abs(low), abs(high)), high - low
    return max(decimals_for(largest, least=1 if largest >= 10 else 2), decimals_for(width / 2, least=0) if width else 0)
