"""Which acts count on a day: those in force by law, those that customs collected, or those that had been announced."""

from typing import Literal, get_args

from entrepot.core.errors import UnknownLabel, nearest

LegalReading = Literal["in-force", "collected", "announced"]
LEGAL_READINGS: tuple[LegalReading, ...] = get_args(LegalReading)
IN_FORCE, COLLECTED, ANNOUNCED = LEGAL_READINGS


def legal_reading(text: str) -> LegalReading:
    """Return the reading of a name, or raise UnknownLabel."""
    for reading in LEGAL_READINGS:
        if reading == text:
            return reading
    raise UnknownLabel(f"no reading {text!r}{nearest(text, LEGAL_READINGS)}; choose {', '.join(LEGAL_READINGS)}")
