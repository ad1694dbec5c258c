"""A copy of a template with other code: all else stays character for character."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_slim.formats.template import parse_template
from lambda_slim.formats.template_edit import pointed

TEMPLATE = """# über the top
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: python3.12, CodeUri: src/}
Resources:
  Own:
    Type: AWS::Serverless::Function   # a comment
    Properties:
      CodeUri: ./src/   # the code
      Handler: app.handler
      Role: !GetAtt Role.Arn
  Tagged:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      CodeUri: !Sub "src/"
  Long:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri:
        Fn::Sub: src/   # ends here

      Handler: app.handler
  Global:
    Type: AWS::Serverless::Function
    Properties:
      # first a comment
      Handler: app.handler
  Flow: {Type: AWS::Serverless::Function, Properties: {Handler: app.handler}}
  Inline:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: |
        def handler(event, context):
            return 1

      Handler: index.handler
  Plain:
    Type: AWS::Lambda::Function
    Properties:
      Code:
        ZipFile: |
          def handler(event, context):
              return 1
      Handler: index.handler
      Runtime: python3.12
  Layer:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: layer/}
"""
NAMES = ("Own", "Tagged", "Long", "Global", "Flow", "Inline", "Plain")


def codes(text):
    return {row.name: row.code for row in parse_template(text)}


def test_every_way_to_say_where_the_code_is():
    wanted = {name: f"../dist/{name}.zip" for name in NAMES}

    copy = pointed(TEMPLATE, wanted, lambda path: f"../{path}" if path.startswith("layer") else path)
    text, missing = copy.text, copy.missing

    assert codes(text) == wanted
    assert missing == ()
    assert "ContentUri: ../layer/" in text
    kept = [line for line in TEMPLATE.splitlines() if "Code" not in line and "Sub" not in line and "Flow" not in line]
    inline = [line for line in kept if "def handler" in line or "return 1" in line or "ZipFile" in line]
    others = [line for line in kept if line not in inline and "Layer" not in line and "ContentUri" not in line]
    assert [line for line in others if line not in text.splitlines()] == []


def test_json_stays_json():
    document = {
        "Resources": {
            "A": {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "src", "Handler": "app.handler"}},
            "B": {"Type": "AWS::Serverless::Function", "Properties": {"Handler": "app.handler"}},
            "C": {"Type": "AWS::Serverless::Function", "Properties": {"InlineCode": "x", "Handler": "index.handler"}},
        }
    }

    text = pointed(json.dumps(document, indent=2), {"A": "a.zip", "B": "b.zip", "C": "c.zip"}, str).text

    rows = json.loads(text)["Resources"]
    assert [row["Properties"]["CodeUri"] for row in rows.values()] == ["a.zip", "b.zip", "c.zip"]
    assert "InlineCode" not in rows["C"]["Properties"]


def test_functions_that_are_not_there_by_themselves_are_named():
    assert pointed(TEMPLATE, {"Own": "a.zip", "InALoop": "b.zip"}, str).missing == ("InALoop",)


@given(path=st.text(min_size=1, max_size=30).filter(lambda text: text.strip() and "\x00" not in text))
def test_any_path_is_read_back_as_it_is(path):
    if any(ord(sign) in range(0xD800, 0xE000) for sign in path):
        return
    text = pointed(TEMPLATE, {"Own": f"dist/{path}.zip"}, str).text

    assert codes(text)["Own"] == f"dist/{path}.zip"


def test_what_is_no_yaml_is_said():
    with pytest.raises(ValueError, match="line"):
        pointed("a: [", {}, str)


MERGED = """Resources:
  First:
    Type: AWS::Serverless::Function
    Properties: &first
      Runtime: python3.12
      Handler: app.handler
      CodeUri: src/
  Second:
    Type: AWS::Serverless::Function
    Properties:
      <<: *first
      Handler: other.handler
  Flow: {Type: AWS::Serverless::Function, Properties: {<<: *first}}
  Node:
    Type: AWS::Serverless::Function
    Properties:
      <<: *first
      Runtime: nodejs22.x
  Alias:
    Type: AWS::Serverless::Function
    Properties: *first
"""


def test_functions_that_merge_the_properties_of_another_one_get_their_own_code():
    copy = pointed(MERGED, {"First": "1.zip", "Second": "2.zip", "Flow": "3.zip"}, lambda path: f"../{path}")

    codes = {row.name: row.code for row in parse_template(copy.text)}
    assert codes == {"First": "1.zip", "Second": "2.zip", "Flow": "3.zip", "Node": "../src/", "Alias": "1.zip"}
    assert (copy.missing, copy.shared) == ((), (("Alias", "First"),))
    assert pointed(MERGED, {"Second": "2.zip"}, str).shared == ()
