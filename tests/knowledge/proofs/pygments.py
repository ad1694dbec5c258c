# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "pygments",
# ]
# ///
import pygments
from pygments.formatters import HtmlFormatter, get_formatter_by_name
from pygments.lexers import get_all_lexers, get_lexer_by_name, get_lexer_for_filename, guess_lexer

assert "<span" in pygments.highlight("print(1)", get_lexer_by_name("python"), HtmlFormatter(style="monokai"))
for name in ("rust", "sql", "json", "html+jinja", "docker", "kotlin"):
    assert pygments.highlight("x", get_lexer_by_name(name), get_formatter_by_name("terminal256", style="dracula"))
assert get_lexer_for_filename("a.tf").name == "Terraform"
assert guess_lexer("#!/usr/bin/python\nimport os").name == "Python"
assert len(list(get_all_lexers())) > 400
assert "\\begin" in pygments.highlight("x", get_lexer_by_name("c"), get_formatter_by_name("latex"))
assert ".highlight" in HtmlFormatter(style="solarized-dark").get_style_defs(".highlight")
lexer = get_lexer_by_name("python")
lexer.add_filter("keywordcase", case="upper")
assert "IMPORT" in pygments.highlight("import x", lexer, get_formatter_by_name("null"))
