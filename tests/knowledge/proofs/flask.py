# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "flask[async]",
#   "python-dotenv",
# ]
# ///
import os
import tempfile
from flask import Blueprint, Flask, abort, flash, g, get_flashed_messages, jsonify, render_template, render_template_string, request, send_file, session, stream_with_context, url_for
from flask.views import MethodView

folder = tempfile.mkdtemp()
open(folder + "/p.html", "w").write("{{ x }}|{{ url_for('b.view') }}")
app = Flask("t", template_folder=folder, root_path=folder)
app.secret_key = "k"
blueprint = Blueprint("b", __name__, url_prefix="/b")
@blueprint.get("/")
def view():
    session["n"] = session.get("n", 0) + 1
    return jsonify(n=session["n"])
app.register_blueprint(blueprint)
@app.get("/page")
def page():
    return render_template("p.html", x="<")
@app.get("/flash")
def flashed():
    flash("hey")
    return render_template_string("{{ get_flashed_messages() }}")
@app.post("/form")
def form():
    return request.form["a"] + request.files["f"].read().decode()
@app.get("/async")
async def async_view():
    return "async"
@app.get("/file")
def file():
    return send_file(folder + "/p.html")
@app.get("/boom")
def boom():
    raise RuntimeError("boom")
@app.get("/stop")
def stop():
    abort(418)
class Api(MethodView):
    def put(self, n):
        return {"n": n}
app.add_url_rule("/api/<int:n>", view_func=Api.as_view("api"))
client = app.test_client()
assert client.get("/b/").json == {"n": 1}
assert client.get("/b/").json == {"n": 2}
assert client.get("/page").text == "&lt;|/b/"
assert "hey" in client.get("/flash").text
import io
assert client.post("/form", data={"a": "1", "f": (io.BytesIO(b"z"), "f.txt")}).text == "1z"
assert client.get("/async").text == "async"
assert client.get("/file").status_code == 200
assert client.get("/boom").status_code == 500
assert client.get("/stop").status_code == 418
assert client.put("/api/5").json == {"n": 5}
assert client.get("/none").status_code == 404
assert client.get("/static/x").status_code == 404
from flask.cli import FlaskGroup
runner = app.test_cli_runner()
assert "boom" in runner.invoke(FlaskGroup(create_app=lambda: app), ["routes"]).output
from flask.cli import load_dotenv
open(folder + "/.env", "w").write("TOLD=told\n")
assert load_dotenv(folder + "/.env") and os.environ["TOLD"] == "told"
