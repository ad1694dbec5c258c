from flask import Flask, jsonify
from werkzeug.exceptions import HTTPException

from . import db


def create_app():
    app = Flask(__name__)
    app.config.from_object("shop.config.Production")
    db.init(app.config["DATABASE"])
    from .views import blueprint

    app.register_blueprint(blueprint)

    @app.errorhandler(HTTPException)
    def problem(error):
        return jsonify(error=error.name), error.code

    return app
