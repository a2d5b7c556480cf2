"""The error format of the API, and the status and code of each kind of error."""

from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from entrepot.core import errors


class ErrorInfo(NamedTuple):
    """Status, code and messages of an error response."""

    status: int
    code: str
    messages: tuple[str, ...]
    retry_after: int | None = None


class RequestRejected(Exception):
    """A request that gets an error response; `info` is what the response says."""

    def __init__(self, info: ErrorInfo) -> None:
        super().__init__("; ".join(info.messages))
        self.info = info


class ErrorDetail(BaseModel):
    """What is wrong with the request."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(description="Error code for programs, such as unknown_label.", examples=["unknown_label"])
    message: str = Field(description="The first problem: what is wrong and where, what was found, what to do.")
    problems: list[str] = Field(description="All problems, one line each.")


class ErrorBody(BaseModel):
    """Body of every error response."""

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

    error: ErrorDetail


CODES: dict[type[Exception], tuple[int, str]] = {
    errors.UnknownLabel: (422, "unknown_label"),
    errors.InvalidDocument: (422, "invalid_document"),
    errors.Infeasible: (422, "infeasible"),
    errors.InvalidShock: (422, "invalid_change"),
    errors.NotConverged: (422, "not_converged"),
    errors.InputError: (422, "invalid_input"),
}  # the first match wins

TOO_DEEP = ErrorInfo(422, "nested_too_deeply", ("nested too deeply; a scenario needs four levels at most",))
CANCELLED = ErrorInfo(409, "cancelled", ("cancelled",))
BUSY = ErrorInfo(503, "busy", ("the queue is full; retry in a few seconds",), retry_after=3)
STOPPING = ErrorInfo(503, "stopping", ("the server is shutting down; retry in a minute",), retry_after=30)
WORKER_DIED = ErrorInfo(503, "broke", ("the worker process ended unexpectedly; retry",), retry_after=5)
INTERNAL = ErrorInfo(500, "failed", ("internal server error; details are in the server log",))


def timed_out(seconds: float) -> ErrorInfo:
    """Return the error for a task that was stopped at its timeout."""
    message = f"not finished after {seconds:g} seconds, and stopped; make the scenario smaller or simpler"
    return ErrorInfo(503, "too_slow", (message,), retry_after=60)


def error_info(error: errors.EntrepotError) -> ErrorInfo:
    """Return the error response for an exception of the package."""
    for kind, (status, code) in CODES.items():
        if isinstance(error, kind):
            return ErrorInfo(status, code, tuple(str(error).splitlines()) or (code,))
    return ErrorInfo(422, "refused", tuple(str(error).splitlines()) or ("refused",))


def error_document(info: ErrorInfo) -> dict[str, object]:
    """Return the error body as a JSON document."""
    return {"error": {"code": info.code, "message": info.messages[0], "problems": list(info.messages)}}
