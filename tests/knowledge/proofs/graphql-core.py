# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "graphql-core",
# ]
# ///
import asyncio
from graphql import GraphQLError, build_schema, graphql, graphql_sync, parse, print_ast, print_schema, validate

schema = build_schema("type Query { hi(name: String!): String  n: [Int!]! }")
root = {"hi": lambda info, name: "hi " + name, "n": [1, 2]}
assert graphql_sync(schema, '{ hi(name: "x") n }', root).data == {"hi": "hi x", "n": [1, 2]}
assert asyncio.run(graphql(schema, "{ n }", root)).data == {"n": [1, 2]}
assert "Cannot query field" in str(graphql_sync(schema, "{ nope }").errors[0])
assert validate(schema, parse("{ hi }"))
assert "hi(name: String!)" in print_schema(schema) and print_ast(parse("{a}")).startswith("{")
try:
    parse("{")
    raise SystemExit("no error")
except GraphQLError as error:
    assert error.locations[0].line == 1
from graphql import get_introspection_query
assert graphql_sync(schema, get_introspection_query()).data["__schema"]["queryType"]["name"] == "Query"
