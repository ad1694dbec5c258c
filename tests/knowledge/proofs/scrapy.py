# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "scrapy",
# ]
# ///
import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import HtmlResponse
from scrapy.utils.project import get_project_settings

page = HtmlResponse("http://x", body=b"<a href='/y' class='k'>hey</a>", encoding="utf-8")
assert page.css("a.k::text").get() == "hey"
assert page.xpath("//a/@href").get() == "/y"

import pathlib, tempfile
folder = pathlib.Path(tempfile.mkdtemp())
(folder / "in.html").write_text("<b>1</b><b>2</b>")


class Spider(scrapy.Spider):
    name = "s"
    start_urls = [f"file://{folder}/in.html"]

    def parse(self, response):
        for text in response.css("b::text").getall():
            yield {"n": text}


settings = get_project_settings()
settings.set("FEEDS", {f"{folder}/out.json": {"format": "json"}})
settings.set("LOG_LEVEL", "CRITICAL")
process = CrawlerProcess(settings)
process.crawl(Spider)
process.start()
import json
assert json.loads((folder / "out.json").read_text()) == [{"n": "1"}, {"n": "2"}]
