"""The page in a real browser."""

import shutil
import time

import pytest

from lambda_slim.render.html import render_html
from tests.unit.render.test_renderers import REPORT

pytestmark = pytest.mark.browser
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture
def page(tmp_path):
    playwright = pytest.importorskip("playwright.sync_api")
    if not BROWSER:
        pytest.skip("no Chromium on this machine")
    place = tmp_path / "report.html"
    place.write_text(render_html(REPORT), "utf-8")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=BROWSER, args=arguments)
        found = browser.new_page(viewport={"width": 1200, "height": 900})
        errors = []
        found.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        found.on("pageerror", lambda error: errors.append(str(error)))
        started = time.monotonic()
        found.goto(place.as_uri())
        found.wait_for_selector("html[data-ready]", timeout=5000)
        found.took = time.monotonic() - started
        yield found
        browser.close()
        assert errors == []


def test_it_is_interactive_soon_and_shows_the_figures(page):
    assert page.took < 5
    assert "28.6 MiB" in page.text_content("#cards")
    assert page.locator("#map div").count() >= 2
    assert page.locator("#ice div").count() == 3


def test_search_dims_and_lists(page):
    page.keyboard.press("/")
    page.keyboard.type("app.py")

    assert page.locator("#map .dim").count() >= 1
    assert "app.py" in page.text_content("#found")
    page.keyboard.press("Escape")
    assert page.locator("#map .dim").count() == 0


def test_sorting_and_toggles(page):
    first = page.text_content("#table tbody tr td")
    page.click("#table th button >> text=own")
    assert page.text_content("#table tbody tr td") != first
    page.click("[data-by=fate]")
    assert page.get_attribute("[data-by=fate]", "aria-pressed") == "true"
    page.click("#heavy")
    assert page.get_attribute("#heavy", "aria-pressed") == "true"


def test_zoom_and_back(page):
    page.locator("#map div", has_text="app.py").first.click()
    assert page.locator("#crumb button").count() >= 1
    page.keyboard.press("Escape")
    assert page.locator("#crumb button").count() == 0


def test_a_phone_has_no_sideways_scroll(page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_timeout(300)

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
