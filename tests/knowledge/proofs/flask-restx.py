# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "flask-restx",
# ]
# ///
from flask import Flask
from flask_restx import Api, Resource, fields

app = Flask("t")
api = Api(app, title="T")
model = api.model("M", {"n": fields.Integer(required=True), "when": fields.DateTime})
@api.route("/x/<int:n>")
class X(Resource):
    @api.marshal_with(model)
    def get(self, n):
        if n == 0:
            api.abort(404, "none")
        return {"n": n}
    @api.expect(model, validate=True)
    def post(self, n):
        return api.payload
client = app.test_client()
assert client.get("/x/3").json["n"] == 3
assert client.get("/x/0").status_code == 404
assert client.post("/x/1", json={"n": "bad"}).status_code == 400
assert client.get("/swagger.json").json["info"]["title"] == "T"
assert b"swagger" in client.get("/").data
assert client.get("/swaggerui/swagger-ui.css").status_code == 200
