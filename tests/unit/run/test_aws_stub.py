"""What AWS clients get instead of AWS."""

import pytest

from lambda_slim.run.aws_stub import stub


def signed(service, **more):
    scope = f"AWS4-HMAC-SHA256 Credential=K/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host"
    return {"authorization": scope, **{name.replace("_", "-"): value for name, value in more.items()}}


@pytest.mark.parametrize(
    ("request_", "asked", "body"),
    [
        (("POST", "/", signed("ssm", x_amz_target="AmazonSSM.GetParameter"), b"{}"), "ssm: GetParameter", b"{}"),
        (
            ("POST", "/", signed("sts"), b"Version=1&Action=GetCallerIdentity"),
            "sts: GetCallerIdentity",
            b"<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>",
        ),
        (("GET", "/bucket/key?x=1", signed("s3"), b""), "s3: GET /bucket/key", b""),
        (("GET", "/2015-03-31/functions", signed("lambda"), b""), "lambda: GET /2015-03-31/functions", b"{}"),
        (
            ("POST", "/service/S/operation/Put", signed("cw", smithy_protocol="rpc-v2-cbor"), b""),
            "cw: Put",
            b"\xa0",
        ),
        (("GET", "/x", {}, b""), "aws: GET /x", b"{}"),
    ],
)
def test_each_protocol_has_its_empty_success(request_, asked, body):
    found = stub(*request_)
    assert (found.asked, found.body) == (asked, body)
