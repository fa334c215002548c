"""A Chromium, the pages with an API in memory, and what must hold whatever a page does."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.engines import chromium
from tests.web.fake_api import FakeApi, Site, running

_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 20_000
"""Milliseconds to wait for what should be there at once, before a test fails."""
PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of the session, with patience for a busy machine."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium.executable(), args=_ARGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def _site() -> Iterator[Site]:
    with running() as site:
        yield site


@pytest.fixture
def site(_site: Site) -> Iterator[Site]:
    """The origin, with an API that knows nothing of other tests."""
    _site.api = FakeApi()
    yield _site
    _site.api.answering.set()


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A new visitor's cheap phone; afterwards, nothing may have gone wrong in the browser."""
    context = browser.new_context(
        viewport=PHONE, base_url=site.origin, has_touch=True, locale="id-ID"
    )
    opened = context.new_page()
    faults = watch(opened, site.origin)
    opened.goto("/")
    expect(opened.get_by_label("Provinsi")).to_be_visible()
    yield opened
    context.close()
    assert faults == []


def watch(page: Page, origin: str) -> list[str]:
    """Return a list that fills with errors on the console and requests to other origins."""
    faults: list[str] = []

    def told(message: ConsoleMessage) -> None:
        # The API's refusals are part of the tests, and so is a page that is not there; the
        # browser reports each as an error.
        url = str(message.location["url"])
        refused = message.text.startswith("Failed to load resource") and (
            "/v1/" in url or url == page.url
        )
        if message.type in ("error", "warning") and not refused:
            faults.append(f"{message.type}: {message.text}")

    page.on("console", told)
    page.on("pageerror", lambda error: faults.append(f"exception: {error}"))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((f"{origin}/", f"blob:{origin}/"))
            else faults.append(f"other origin: {request.url}")
        ),
    )
    return faults
