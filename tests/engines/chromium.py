"""The Chromium that the browser tests start."""

import os
import shutil

_NAMES = ("chromium", "chromium-browser", "google-chrome")


def executable() -> str | None:
    """Return the path of the machine's Chromium, or None for the one that Playwright installed.

    The environment's CHROMIUM goes before what is on PATH. `.ci/install-browser` looks in the
    same places.
    """
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
