# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "jinja2",
# ]
# ///
import asyncio
import os
import tempfile
from jinja2 import DictLoader, Environment, FileSystemLoader, StrictUndefined, TemplateSyntaxError, UndefinedError, select_autoescape

env = Environment(loader=DictLoader({"base": "<b>{% block x %}{% endblock %}</b>", "child": "{% extends 'base' %}{% block x %}{{ v|upper }}{% endblock %}"}),
                  autoescape=select_autoescape(default=True), extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols", "jinja2.ext.i18n"], undefined=StrictUndefined)
assert env.get_template("child").render(v="<a>") == "<b>&lt;A&gt;</b>"
assert env.from_string("{% for i in range(5) %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}").render() == "01"
env.install_null_translations()
assert env.from_string("{% trans %}hi{% endtrans %}").render() == "hi"
try:
    env.from_string("{{ a.b }}").render()
    raise SystemExit("no error")
except UndefinedError:
    pass
try:
    env.from_string("{% if %}")
    raise SystemExit("no error")
except TemplateSyntaxError as error:
    assert error.lineno == 1
try:
    env.from_string("a\n{{ 1 // 0 }}").render()
    raise SystemExit("no error")
except ZeroDivisionError as error:
    import traceback
    assert "<template>" in "".join(traceback.format_exception(error))
folder = tempfile.mkdtemp()
open(os.path.join(folder, "t.txt"), "w").write("{{ lipsum(n=1, html=false)|length > 10 }} {{ [1,2]|tojson }} {{ 'a b'|urlencode }}")
assert Environment(loader=FileSystemLoader(folder)).get_template("t.txt").render() == "True [1, 2] a%20b"
async def main():
    return await Environment(enable_async=True).from_string("{{ x }}").render_async(x=3)
assert asyncio.run(main()) == "3"
from jinja2.sandbox import SandboxedEnvironment
assert SandboxedEnvironment().from_string("{{ 1 }}").render() == "1"
