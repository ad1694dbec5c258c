# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "werkzeug",
# ]
# ///
import io
from werkzeug.datastructures import Headers, MultiDict
from werkzeug.exceptions import NotFound, abort
from werkzeug.routing import Map, Rule
from werkzeug.security import check_password_hash, generate_password_hash
from werkzeug.test import Client, create_environ
from werkzeug.utils import secure_filename
from werkzeug.wrappers import Request, Response

urls = Map([Rule("/<int:n>/", endpoint="n"), Rule("/x/<path:p>", endpoint="p")])
bound = urls.bind("h")
assert bound.match("/3/") == ("n", {"n": 3})
assert bound.build("p", {"p": "a/b"}) == "/x/a/b"
try:
    bound.match("/no/no")
    raise SystemExit("no error")
except NotFound as error:
    assert "404" in str(error)
assert check_password_hash(generate_password_hash("p"), "p")
assert check_password_hash(generate_password_hash("p", method="pbkdf2"), "p")
assert secure_filename("../a b.txt") == "a_b.txt"
@Request.application
def app(request):
    if request.files:
        return Response(request.files["f"].read())
    return Response(f"{request.method} {request.args.get('q')} {request.cookies.get('c')}")
client = Client(app)
client.set_cookie("c", "1")
assert client.get("/?q=2").text == "GET 2 1"
assert client.post("/", data={"f": (io.BytesIO(b"zz"), "n")}).data == b"zz"
assert Headers([("A", "b")])["a"] == "b"
assert MultiDict([("a", 1), ("a", 2)]).getlist("a") == [1, 2]
from werkzeug.debug import DebuggedApplication
def broken(environ, start):
    raise RuntimeError("boom")
answer = Client(DebuggedApplication(broken)).get("/")
assert b"boom" in answer.data
