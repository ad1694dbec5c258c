"""The page in a real browser."""

import shutil
import time
from dataclasses import replace

import pytest

from lambda_slim.budgets.difference import compare
from lambda_slim.render.diff_html import difference_html
from lambda_slim.render.html import render_html
from tests.unit.render.test_renderers import REPORT

pytestmark = pytest.mark.browser
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


CONTRAST = """// WCAG: how much lighter text is than its ground, or the other way round
selector => {
  const element = document.querySelector(selector), canvas = document.createElement('canvas').getContext('2d')
  const channels = colour => {
    canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1)
    return canvas.getImageData(0, 0, 1, 1).data
  }
  const light = colour => {
    const c = [...channels(colour)].slice(0, 3).map(v => v / 255 <= .04 ? v / 3295 : ((v / 255 + .055) / 1.055) ** 2.4)
    return .2126 * c[0] + .7152 * c[1] + .0722 * c[2] }
  let ground = element
  while (getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)') ground = ground.parentElement
  const [a, b] = [light(getComputedStyle(element).color), light(getComputedStyle(ground).backgroundColor)]
  return (Math.max(a, b) + .05) / (Math.min(a, b) + .05)
}"""


NARROW_CELLS = """// cells narrower than the longest word in them would be
() => {
  const words = document.createElement('span')
  words.style.cssText = 'position:absolute;white-space:nowrap'; document.body.append(words)
  const broken = []
  for (const cell of document.querySelectorAll('td, .card')) for (const word of cell.innerText.split(/[\\s/_.:-]+/)) {
    words.style.font = getComputedStyle(cell).font; words.textContent = word
    if (cell.offsetWidth && word.length < 30 && words.offsetWidth > cell.offsetWidth) broken.push(word)
  }
  words.remove(); return broken
}"""


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    if not BROWSER:
        pytest.skip("no Chromium on this machine")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=BROWSER, args=arguments)
        yield started
        started.close()


@pytest.fixture
def page(tmp_path, browser):
    place = tmp_path / "report.html"
    other = replace(
        REPORT.functions[0],
        name="Health",
        files=REPORT.functions[0].files[:1],
        imports=None,
        cold_start=None,
        startup=None,
    )
    place.write_text(render_html(replace(REPORT, functions=(*REPORT.functions, other))), "utf-8")
    opened = browser.new_page(viewport={"width": 1200, "height": 900})
    errors = []
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    started = time.monotonic()
    opened.goto(place.as_uri())
    opened.wait_for_selector("html[data-ready]", timeout=5000)
    opened.took = time.monotonic() - started
    yield opened
    opened.close()
    assert errors == []


def test_it_is_interactive_soon_and_shows_the_figures(page):
    assert page.took < 5
    assert "28.6 MiB" in page.text_content("#moves")
    assert page.locator("#map div").count() >= 2
    assert page.locator("#ice div:not(.axis, .wait)").count() == 3
    assert "measured here" in page.text_content("#cold")
    assert "lambda-slim build" in page.text_content("#steps")


def test_every_function_has_its_view_and_the_address_keeps_it(page):
    page.select_option("#pick", label="Health")

    assert page.text_content("#name") == "Health"
    assert page.locator("#map div:not(.grp)").count() == 1
    assert not page.is_visible("#imports")
    page.goto(page.url)
    page.reload()
    assert page.text_content("#name") == "Health"


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
    assert page.get_attribute("#table th:nth-child(2)", "aria-sort") == "descending"
    page.click("[data-by=fate]")
    assert page.get_attribute("[data-by=fate]", "aria-pressed") == "true"
    page.click("#heavy")
    assert page.get_attribute("#heavy", "aria-pressed") == "true"


def test_zoom_and_back(page):
    page.locator("#map .grp", has_text="(project)").first.click(position={"x": 5, "y": 5})
    assert page.locator("#crumb button").count() >= 1
    assert "zoom=" in page.url
    page.keyboard.press("Escape")
    assert page.locator("#crumb button").count() == 0
    page.locator("#ice div", has_text="boto3").first.click()
    assert page.evaluate("document.querySelectorAll('#ice .axis')[1].textContent") == "0.5 ms"


def test_a_click_says_why_a_file_or_module_is_here(page):
    page.locator("#map div:not(.grp)", has_text="lazy.py").first.click()
    assert "kept" in page.text_content("#why")
    assert "imported inside a function, line 12" in page.text_content("#why ol")
    address = page.url
    assert "why=boto3%2Flazy.py" in address
    page.locator("#why ol button", has_text="app.py").first.click()
    assert page.text_content("#why h3") == "app.py"
    page.keyboard.press("Escape")
    assert not page.is_visible("#why")
    page.locator("#ice div", has_text="boto3").first.click()
    assert "app.py:1" in page.text_content("#why ol")
    page.locator("#table button", has_text="botocore").first.click()
    assert "you → boto3 → botocore" in page.text_content("#why dl")
    page.goto("about:blank")
    page.goto(address)
    assert "line 12" in page.text_content("#why ol")


def test_what_waits_is_in_the_picture_of_init(page):
    waiting = page.locator("#ice .wait")
    assert waiting.count() == 2
    assert "boto3.lazy" in page.locator("#ice").text_content()
    assert "numpy" in page.text_content("#later")


def test_two_reports_are_side_by_side(page, tmp_path):
    function = REPORT.functions[0]
    fewer = replace(
        function, files=function.files[:1], before=replace(function.before, unzipped_bytes=900), distributions=()
    )
    place = tmp_path / "difference.html"
    differences = compare((function,), (fewer,))
    place.write_text(difference_html(differences, ("old.json", "new.json"), (function,), (fewer,)), "utf-8")
    page.goto(place.as_uri())

    assert page.locator("#old-map div:not(.grp)").count() > page.locator("#map div:not(.grp)").count() == 1
    assert page.locator("#old-map").bounding_box()["height"] > page.locator("#map").bounding_box()["height"]
    assert [page.locator("h3").nth(n).text_content() for n in range(2)] == ["old.json", "new.json"]
    assert "boto3/lazy.py" in page.text_content("#changes")
    assert "900 B" in page.text_content("#moves")
    assert "frees" not in page.text_content("#rows"), "a difference has no such column"
    legend = page.locator("#legend button").all_text_contents()
    assert len(legend) == 1, "of the package after, so that its figures add up to it"


def test_paper_has_the_figures_and_nothing_to_press(page):
    page.emulate_media(media="print", color_scheme="dark")

    assert page.is_visible("#moves")
    assert not page.is_visible("#q")
    assert not page.is_visible("#heavy")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate(CONTRAST, "h1") >= 4.5


def test_keys_lead_through_the_pictures(page):
    page.locator("#ice").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    assert "boto3.client(...)  app.py:3" in page.text_content("#live")
    page.locator("#map").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.text_content("#why h3") == "app.py"


def test_a_file_named_like_a_tag_is_text(page):
    page.keyboard.press("/")
    page.keyboard.type("</script>")

    assert "boto3/</script><b>.json" in page.text_content("#found")
    assert page.locator("#found b").count() == 0


def test_nothing_is_fetched_and_the_policy_is_strict(page):
    assert page.evaluate("performance.getEntriesByType('resource').length") == 0
    policy = page.get_attribute("meta[http-equiv]", "content")
    assert policy.startswith("default-src 'none'")
    assert "eval" not in policy


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_on_its_ground(page, scheme):
    page.emulate_media(color_scheme=scheme)
    for selector in ("body", ".card b", "#steps code", "#map div:not(.grp)", "h2 small"):
        assert page.evaluate(CONTRAST, selector) >= 4.5, selector


def test_a_phone_breaks_no_word_and_has_no_sideways_scroll(page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_timeout(300)

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(NARROW_CELLS) == []
