"""The one shape that every error of the API has, and what each kind of fault answers."""

from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from entrepot.core import errors


class Told(NamedTuple):
    """A fault on its way to whoever asked."""

    status: int
    code: str
    messages: tuple[str, ...]
    retry_after: int | None = None


class Refused(Exception):
    """Something cannot be answered; carries what is told."""

    def __init__(self, told: Told) -> None:
        super().__init__("; ".join(told.messages))
        self.told = told


class Fault(BaseModel):
    """What went wrong."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(description="A word for programs, such as unknown_label.", examples=["unknown_label"])
    message: str = Field(description="The first problem: what is wrong and where, what was found, what to do.")
    problems: list[str] = Field(description="Every problem, one line each.")


class Problem(BaseModel):
    """The answer to every request that cannot be answered."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "error": {
                        "code": "unknown_label",
                        "message": "instruments[0]: unknown country 'Inda'; nearest: IND (India)",
                        "problems": ["instruments[0]: unknown country 'Inda'; nearest: IND (India)"],
                    }
                }
            ]
        },
    )

    error: Fault


CODES: dict[type[Exception], tuple[int, str]] = {
    errors.UnknownLabel: (422, "unknown_label"),
    errors.InvalidDocument: (422, "invalid_document"),
    errors.Infeasible: (422, "infeasible"),
    errors.InvalidShock: (422, "invalid_change"),
    errors.NotConverged: (422, "not_converged"),
    errors.InputError: (422, "invalid_input"),
}  # the first that fits counts

TOO_DEEP = Told(422, "nested_too_deeply", ("nested too deeply; a scenario needs four levels at most",))
BUSY = Told(503, "busy", ("too many requests are waiting; ask again in a few seconds",), retry_after=3)
STOPPING = Told(503, "stopping", ("the server is being stopped; ask again in a minute",), retry_after=30)
BROKE = Told(503, "broke", ("the process that computed this ended unexpectedly; ask again",), retry_after=5)
FAILED = Told(500, "failed", ("the server failed to answer; this is a fault of the server and in its log",))


def too_slow(seconds: float) -> Told:
    """Return what is told where the time is up."""
    said = f"not finished after {seconds:g} seconds, and stopped; make the change smaller or simpler"
    return Told(503, "too_slow", (said,), retry_after=60)


def told_of(error: errors.EntrepotError) -> Told:
    """Return what is told of an error that was raised on purpose."""
    for kind, (status, code) in CODES.items():
        if isinstance(error, kind):
            return Told(status, code, tuple(str(error).splitlines()) or (code,))
    return Told(422, "refused", tuple(str(error).splitlines()) or ("refused",))


def document(told: Told) -> dict[str, object]:
    """Return a fault in the one shape."""
    return {"error": {"code": told.code, "message": told.messages[0], "problems": list(told.messages)}}
