import base64
import datetime
import io
from decimal import Decimal

import markdown
from babel.dates import format_date
from babel.numbers import format_currency
from bs4 import BeautifulSoup
from jinja2 import Environment, PackageLoader, select_autoescape

from lib import config, pdf

env = Environment(loader=PackageLoader("lib", "../content"), autoescape=select_autoescape(), extensions=["jinja2.ext.loopcontrols"])
env.filters["money"] = lambda value, locale: format_currency(Decimal(value), config.load()["currency"], locale=locale)


def handler(event, context):
    text = env.get_template("invoice.md").render(event, day=format_date(datetime.date(2024, 5, 1), locale=event["locale"], format="long"))
    html = markdown.markdown(text, extensions=config.load()["extensions"])
    out = {"text": BeautifulSoup(html, "html.parser").get_text(" ", strip=True), "html": html}
    if event.get("pdf"):
        data = pdf.write(out["text"], event.get("logo"))
        out["pdf"] = [data[:5].decode(), data.count(b"/Page")]
    return out
