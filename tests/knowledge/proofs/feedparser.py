# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "feedparser",
# ]
# ///
import feedparser

rss = "<rss version='2.0'><channel><title>T</title><item><title>a</title><link>http://x</link><pubDate>Mon, 01 Jan 2024 00:00:00 GMT</pubDate><description>&lt;script&gt;x&lt;/script&gt;&lt;b&gt;d&lt;/b&gt;</description></item></channel></rss>"
feed = feedparser.parse(rss)
assert feed.feed.title == "T" and feed.entries[0].link == "http://x" and feed.entries[0].published_parsed.tm_year == 2024
assert "script" not in feed.entries[0].summary
atom = "<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title><entry><title>e</title><updated>2024-01-02T00:00:00Z</updated><content type='html'>x</content></entry></feed>"
assert feedparser.parse(atom).entries[0].updated_parsed.tm_mday == 2
broken = feedparser.parse("<rss><channel><title>B &nope</title><item><title>x</channel>")
assert broken.bozo and broken.feed.get("title", "").startswith("B")
coded = "<?xml version='1.0' encoding='iso-8859-1'?>" + rss.replace("<title>T", "<title>T\u00e9")
assert feedparser.parse(coded.encode("latin-1")).feed.title == "T\u00e9"
