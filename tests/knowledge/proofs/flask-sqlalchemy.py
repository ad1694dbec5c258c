# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "flask-sqlalchemy",
#   "flask-migrate",
#   "flask-cors",
#   "flask-jwt-extended",
# ]
# ///
from flask import Flask
from flask_cors import CORS
from flask_jwt_extended import JWTManager, create_access_token, get_jwt_identity, jwt_required
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

app = Flask("t")
app.config.update(SQLALCHEMY_DATABASE_URI="sqlite://", JWT_SECRET_KEY="k" * 32)
db = SQLAlchemy(app)
CORS(app)
JWTManager(app)
Migrate(app, db)
class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(9), unique=True)
@app.get("/me")
@jwt_required()
def me():
    return {"me": get_jwt_identity(), "n": User.query.count()}
with app.app_context():
    db.create_all()
    db.session.add(User(name="a"))
    db.session.commit()
    token = create_access_token("a")
    client = app.test_client()
    assert client.get("/me", headers={"Authorization": f"Bearer {token}", "Origin": "http://x"}).json == {"me": "a", "n": 1}
    assert client.get("/me").status_code == 401
    assert db.paginate(db.select(User)).total == 1
    import os
    import tempfile
    import flask_migrate
    folder = tempfile.mkdtemp() + "/m"
    flask_migrate.init(folder)
    assert os.path.exists(folder + "/env.py")
