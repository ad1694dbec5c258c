import dateutil
import sqlalchemy as sa
from flask import Blueprint, abort, current_app, render_template, request
from marshmallow import Schema, ValidationError, fields, validate

from .db import Product, session

blueprint = Blueprint("shop", __name__)


class ProductSchema(Schema):
    name = fields.String(required=True, validate=validate.Length(max=10))
    cents = fields.Integer(required=True, validate=validate.Range(min=1))
    since = fields.String()


@blueprint.get("/")
def index():
    products = session.scalars(sa.select(Product).order_by(Product.name)).all()
    return render_template("index.html", products=products)


@blueprint.post("/products")
def create():
    try:
        data = ProductSchema().load(request.get_json())
    except ValidationError as error:
        return error.messages, 422
    if "since" in data:
        data["since"] = dateutil.parser.parse(data["since"]).isoformat()
    session.add(Product(**data))
    try:
        session.commit()
    except sa.exc.IntegrityError:
        session.rollback()
        abort(409)
    return {"count": session.scalar(sa.select(sa.func.count(Product.id)))}, 201


@blueprint.get("/css")
def css():
    return current_app.send_static_file("style.css")
