"""SAM and CloudFormation templates."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lambda_slim.formats.tables import UNKNOWN
from lambda_slim.formats.template import TemplateLayer, parse_template

SAM = """\
AWSTemplateFormatVersion: 2010-09-09
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: dev}
  Secret: {Type: String}
Mappings:
  Memory: {dev: {mb: 256}, prod: {mb: 1024}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  NotProd: !Not [!Condition IsProd]
Globals:
  Function:
    Runtime: python3.12
    Timeout: 20
    Environment: {Variables: {SHARED: yes-it-is, STAGE: !Ref Stage}}
Resources:
  Table: {Type: AWS::DynamoDB::Table}
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Architectures: [arm64]
      MemorySize: !FindInMap [Memory, !Ref Stage, mb]
      Layers: [!Sub "arn:aws:lambda:${AWS::Region}:1:layer:x:2"]
      SnapStart: {ApplyOn: PublishedVersions}
      Environment:
        Variables:
          TABLE: !Ref Table
          NAME: !Sub "${Stage}-${Who}-orders"
          GREETING: !Join ["-", [hello, !Ref Stage]]
          MODE: !If [IsProd, fast, slow]
          OTHER: !If [NotProd, slow, fast]
          ARN: !GetAtt Table.Arn
          SECRET: !Ref Secret
          IMPORTED: !ImportValue x
          LITERAL: !Sub "${!Keep}"
"""


def one(text):
    (found,) = parse_template(text)
    return found


def resource(properties, kind="AWS::Serverless::Function", **more):
    return json.dumps({"Resources": {"F": {"Type": kind, "Properties": properties, **more}}})


def test_globals_and_own_properties():
    found = one(SAM)

    assert (found.name, found.line, found.code, found.handler) == ("Orders", 18, "src/", "app.handler")
    assert (found.runtime, found.architecture, found.memory_mb, found.timeout_s) == ("python3.12", "arm64", 256, 20)
    assert found.snap_start
    assert found.layers == (TemplateLayer("arn:aws:lambda:us-east-1:1:layer:x:2"),)


def test_intrinsics_become_their_default_or_unknown():
    assert one(SAM).environment == {
        "SHARED": "yes-it-is",
        "STAGE": "dev",
        "TABLE": UNKNOWN,
        "NAME": UNKNOWN,
        "GREETING": "hello-dev",
        "MODE": "slow",
        "OTHER": "slow",
        "ARN": UNKNOWN,
        "SECRET": UNKNOWN,
        "IMPORTED": UNKNOWN,
        "LITERAL": "${Keep}",
    }


@pytest.mark.parametrize(
    ("properties", "why"),
    [
        ({"PackageType": "Image"}, "container image"),
        ({"ImageUri": "1.dkr.ecr.eu-west-1.amazonaws.com/x:1"}, "container image"),
        ({"InlineCode": {"Ref": "X"}}, "inline"),
        ({"CodeUri": "s3://bucket/key"}, "S3"),
        ({"CodeUri": {"Bucket": "b", "Key": "k"}}, "S3"),
        ({"CodeUri": "src", "Runtime": "nodejs22.x"}, "nodejs22.x"),
    ],
)
def test_functions_with_nothing_to_build_say_why(properties, why):
    assert why in one(resource(properties)).skipped


@pytest.mark.parametrize(
    "text",
    [
        resource({"InlineCode": "def handler(e, c): ..."}),
        resource({"Code": {"ZipFile": "def handler(e, c): ..."}}, "AWS::Lambda::Function"),
        resource({"Code": {"ZipFile": {"Fn::Join": ["", ["def handler(e, c):", " ..."]]}}}, "AWS::Lambda::Function"),
    ],
)
def test_inline_code_is_given_back(text):
    assert (one(text).inline, one(text).skipped) == ("def handler(e, c): ...", "")


def test_a_nested_template_is_given_its_parameters():
    text = json.dumps(
        {
            "Resources": {
                "Child": {
                    "Type": "AWS::Serverless::Application",
                    "Properties": {"Location": "child.yaml", "Parameters": {"Runtime": "python3.13"}},
                }
            }
        }
    )

    (row,) = parse_template(text)

    assert (row.nested, row.parameters) == ("child.yaml", {"Runtime": "python3.13"})


def test_values_that_are_given_stand_in_for_defaults():
    text = "Parameters: {R: {Default: python3.11}}\nResources:\n  F:\n    Type: AWS::Serverless::Function\n"
    text += "    Properties: {Runtime: !Ref R}\n"

    assert parse_template(text)[0].runtime == "python3.11"
    assert parse_template(text, {"R": "python3.13"})[0].runtime == "python3.13"


def test_plain_cloudformation_with_local_code():
    found = one(resource({"Code": "src", "Handler": "a.b"}, "AWS::Lambda::Function"))

    assert (found.code, found.handler, found.skipped) == ("src", "a.b", "")


def test_a_plain_container_image_says_so():
    found = one(resource({"Code": {"ImageUri": "1.dkr.ecr.eu-west-1.amazonaws.com/x:1"}}, "AWS::Lambda::Function"))

    assert found.skipped == "it is a container image"


def test_parameters_that_are_lists_or_only_name_a_place():
    text = """\
Parameters:
  Kinds: {Type: CommaDelimitedList, Default: "arm64, x86_64"}
  Level: {Type: "AWS::SSM::Parameter::Value<String>", Default: /app/level}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Architectures: !Ref Kinds
      Environment: {Variables: {LEVEL: !Ref Level}}
"""
    assert (one(text).architecture, one(text).environment) == ("arm64", {"LEVEL": UNKNOWN})


LOOP = """\
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Parameters:
  Names: {Type: CommaDelimitedList, Default: "orders,users"}
  Later: {Type: CommaDelimitedList}
Resources:
  Fn::ForEach::Handlers:
    - Name
    - %s
    - Fn${Name}:
        Type: AWS::Serverless::Function
        Properties:
          CodeUri: !Sub src/${Name}
          Handler: app.handler
          Environment: {Variables: {WHO: !Ref Name, TABLE: !Ref Other}}
"""


@pytest.mark.parametrize("collection", ["[orders, users]", "!Ref Names"])
def test_loops_are_unrolled(collection):
    found = parse_template(LOOP % collection)

    assert [(row.name, row.code, row.line) for row in found] == [
        ("Fnorders", "src/orders", 6),
        ("Fnusers", "src/users", 6),
    ]
    assert found[1].environment == {"WHO": "users", "TABLE": UNKNOWN}


@pytest.mark.parametrize("collection", ["!Ref Later", "!Ref Nothing", "[a, !Ref Nothing]", "3"])
def test_loops_over_what_only_the_deployment_knows_say_so(collection):
    found = one(LOOP % collection)

    assert (found.name, found.code, found.line) == ("Handlers", None, 6)
    assert "only known at deployment" in found.skipped


def test_loops_in_loops_and_names_without_signs():
    body = {"Fn&{B}": {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "${A}/${B}"}}}
    inner = ["B", ["x-1"], body]
    outer = ["A", ["one"], {"Fn::ForEach::Inner": inner}]

    found = one(json.dumps({"Resources": {"Fn::ForEach::Outer": outer}}))

    assert (found.name, found.code) == ("Fnx1", "one/x-1")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (
            {"Type": "AWS::Serverless::Application", "Properties": {"Location": "sub/template.yaml"}},
            "build `sub/template.yaml` by itself",
        ),
        (
            {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "./sub.yaml"}},
            "build `./sub.yaml` by itself",
        ),
        ({"Type": "AWS::Serverless::WebFunction", "Properties": {"CodeUri": "web"}}, "web function"),
    ],
)
def test_functions_that_are_elsewhere_are_not_passed_over_in_silence(row, why):
    found = one(json.dumps({"Resources": {"Other": row}}))

    assert (found.name, found.code) == ("Other", None)
    assert why in found.skipped


def test_nested_applications_that_are_published_elsewhere_hold_no_code_of_ours():
    row = {"Type": "AWS::Serverless::Application", "Properties": {"Location": {"ApplicationId": "arn:aws:x"}}}

    assert parse_template(json.dumps({"Resources": {"Other": row}})) == ()


def test_what_cdk_writes():
    found = one(
        resource(
            {"Code": {"S3Bucket": "b", "S3Key": "k"}}, "AWS::Lambda::Function", Metadata={"aws:asset:path": "asset.1f"}
        )
    )

    assert found.code == "asset.1f"


def test_only_sam_functions_take_globals():
    text = json.dumps(
        {
            "Globals": {"Function": {"Runtime": "python3.12"}},
            "Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {"Code": "x"}}},
        }
    )

    assert one(text).runtime == UNKNOWN


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Resources"),
        ("- a\n", "Resources"),
        ("Resources: [1]\n", "Resources"),
        ("a: [\n", "line 2"),
        ("Resources:\n  F: {Type: x\n  y: z\n", "line"),
        ("[" * 1200, "nested"),
    ],
)
def test_what_is_no_template_is_said_with_its_line(text, message):
    with pytest.raises(ValueError, match=message):
        parse_template(text)


@pytest.mark.parametrize(
    "part",
    [
        {"Globals": []},
        {"Globals": {"Function": [1]}},
        {"Parameters": [1]},
        {"Mappings": 3},
        {"Conditions": {"C": 1}},
        {"Parameters": None},
    ],
)
def test_parts_of_the_wrong_kind_are_no_reason_to_fail(part):
    text = json.dumps(
        {**part, "Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "s"}}}}
    )

    assert one(text).code == "s"


@pytest.mark.parametrize("properties", [[], "x", {"Environment": []}, {"Architectures": {"a": 1}}, {"Layers": "x"}])
def test_properties_of_the_wrong_kind_are_no_reason_to_fail(properties):
    assert one(resource(properties)).handler == UNKNOWN


def test_conditions_that_lead_in_a_circle_are_unknown():
    text = json.dumps(
        {
            "Conditions": {"A": {"Condition": "B"}, "B": {"Fn::Not": [{"Condition": "A"}]}},
            "Resources": {
                "F": {
                    "Type": "AWS::Serverless::Function",
                    "Properties": {"CodeUri": "s", "Handler": {"Fn::If": ["A", "x", "y"]}},
                }
            },
        }
    )

    assert one(text).handler == UNKNOWN


words = st.sampled_from(
    [
        *"xyz",
        "Ref",
        "Fn::Sub",
        "Fn::If",
        "Fn::Join",
        "Fn::Select",
        "Fn::FindInMap",
        "Fn::ForEach::L",
        "Condition",
        "${x}",
    ]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(values, values, values, values, values)
def test_no_template_makes_it_fail(properties, parameters, conditions, mappings, shared):
    document = {
        "Parameters": parameters,
        "Conditions": conditions,
        "Mappings": mappings,
        "Globals": shared,
        "Resources": {
            "F": {"Type": "AWS::Serverless::Function", "Properties": properties},
            "G": {"Type": "AWS::Serverless::Function", "Properties": {"Handler": properties, "Runtime": conditions}},
        },
    }

    assert len(parse_template(json.dumps(document))) == 2


@pytest.mark.parametrize("kind", ["AWS::Serverless::Function", "AWS::Lambda::Function"])
def test_what_a_function_leaves_out_is_what_lambda_takes(kind):
    properties = {"Runtime": "python3.12", "Handler": "app.handler", "CodeUri": "src", "Code": "src"}
    row = one(resource(properties, kind))

    assert (row.architecture, row.memory_mb, row.timeout_s) == ("x86_64", 128, 3)
    assert (row.layers, row.environment, row.snap_start) == ((), {}, False)
