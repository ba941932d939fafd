"""What stops a command, in sentences."""

from tomllib import TOMLDecodeError

from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from dispatch.errors import Refusal, Several

FAILURES = (Refusal, ValidationError, TOMLDecodeError, OperationalError, OSError)
"""What is said in a sentence; everything else is a fault of the program."""


def sentences(failure: BaseException) -> list[str]:
    """Return one sentence for each thing that is wrong, with what would be right."""
    match failure:
        case Several():
            return [str(refusal.text) for refusal in failure.refusals]
        case Refusal():
            return [str(failure.text)]
        case ValidationError():
            return [_setting(str(fault["msg"]), fault["loc"]) for fault in failure.errors()]
        case TOMLDecodeError():
            return [f"instance/config.toml cannot be read: {failure}; correct it."]
        case OperationalError():
            reason = str(failure.orig).splitlines()[0]
            return [f"The database cannot be used ({reason}); dragoman doctor says more."]
        case OSError():
            return [
                f"{failure.filename or 'A file'} cannot be used ({failure.strerror}); check it."
            ]
    raise TypeError(failure)


def _setting(message: str, location: tuple[int | str, ...]) -> str:
    reason = message.removeprefix("Value error, ")
    if not location:
        return f"{reason}."
    # Of a list the place in it follows, which is no part of the name.
    return f"The setting DRAGOMAN_{str(location[0]).upper()} is wrong: {reason}."
