"""What the log may say of an error."""

import traceback


def error_facts(error: BaseException) -> dict[str, object]:
    """Return an error's kind and where it happened, never its text: that may quote a person."""
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "error": type(error).__name__,
        "where": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
