"""What a worker says of an exception that a model raised, and which of its limits the model met."""

import errno
import os

MAX_MESSAGE = 2000
MAX_NAME = 200

LIMITS: dict[str, str] = {}
"""What to say of each limit when a model meets it; told by the server."""


def describe(error: BaseException) -> dict[str, str]:
    """An exception's class and message, cut to what a person reads."""
    try:
        message = str(error)
    except BaseException:  # a model's exception may fail at this too
        message = "(its message cannot be read)"
    name = str(type.__dict__["__name__"].__get__(type(error)))
    try:
        met = LIMITS.get(limit_met(error), "")
    except BaseException:  # what a model's exception says of itself may fail too
        met = ""
    message = f"{message[:MAX_MESSAGE]} ({met})" if met else message[:MAX_MESSAGE]
    return {"error": name[:MAX_NAME] or "Exception", "message": message.encode(errors="replace").decode()}


def limit_met(error: BaseException | None) -> str:
    """Which limit of this process an exception comes from, or the empty text."""
    for _ in range(5):
        number = getattr(error, "errno", None) if isinstance(error, OSError) else None
        text = str(error) if isinstance(error, RuntimeError) else ""
        if isinstance(error, MemoryError) or number == errno.ENOMEM or "can't allocate memory" in text or "bad_alloc" in text:
            return "memory"
        if number in (errno.ENOSPC, errno.EDQUOT):
            return "files" if os.statvfs(".").f_favail == 0 else "disk"
        if number == errno.EFBIG:
            return "disk"
        if number == errno.EAGAIN or "can't start new thread" in text:
            return "processes"
        if error is None:
            break
        error = error.__cause__ or error.__context__
    return ""
