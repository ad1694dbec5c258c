"""The SDK's list of endpoints is cut to the services that ship, or stays as it is."""

import gzip
import json

import pytest

from lambda_slim.bundle.endpoints import Cut, cut_endpoints, cut_in
from lambda_slim.model.decision import DEFAULT, Decision, Plan, Verdict
from lambda_slim.model.file import File, FileKind

LIST = "botocore/data/endpoints.json"
GONE = Verdict(keep=False, rule="services", why="")
KEEP = Verdict(keep=True, rule="keep", why="")
TABLE = {
    "version": 3,
    "partitions": [
        {"partition": "aws", "regions": {"eu-west-1": {}}, "services": {"monitoring": {"a": 1}, "s3": {}, "ec2": {}}},
        {"partition": "aws-cn", "services": {"ec2": {}, "s3": {"endpoints": {"cn-north-1": {}}}}},
    ],
}


@pytest.fixture
def plan(tmp_path):
    def make(*rows):
        decisions = []
        for number, (path, verdict, text) in enumerate(rows):
            source = tmp_path / str(number)
            source.write_bytes(gzip.compress(text.encode()) if path.endswith(".gz") else text.encode())
            decisions.append(Decision(File(path, source, len(text), "botocore", FileKind.DATA), verdict))
        return Plan(tuple(decisions))

    return make


def service(name, verdict=DEFAULT, suffix=".gz", **metadata):
    return f"botocore/data/{name}/2010-08-01/service-2.json{suffix}", verdict, json.dumps({"metadata": metadata})


EC2 = service("ec2", GONE, endpointPrefix="ec2")
CLOUDWATCH = service("cloudwatch", endpointPrefix="monitoring", signingName="metrics")


def test_names_are_those_that_clients_look_up(plan):
    made = plan((LIST, DEFAULT, "{}"), CLOUDWATCH, service("s3", suffix="", endpointPrefix="s3"), EC2)

    assert cut_in(made) == Cut(frozenset({LIST}), frozenset({"cloudwatch", "monitoring", "metrics", "s3"}))


@pytest.mark.parametrize(
    "rows",
    [
        [(LIST, DEFAULT, "{}"), CLOUDWATCH],  # the data of all services ships
        [(LIST, KEEP, "{}"), CLOUDWATCH, EC2],
        [(LIST, GONE, "{}"), CLOUDWATCH, EC2],
        [(LIST, DEFAULT, "{}"), service("s3"), EC2],  # a description without a prefix
        [(LIST, DEFAULT, "{}"), (CLOUDWATCH[0], DEFAULT, "["), EC2],
        [(LIST, DEFAULT, "{}"), EC2],
    ],
)
def test_the_list_stays(plan, rows):
    assert cut_in(plan(*rows)) == Cut()


def test_the_list_stays_where_a_description_is_gone(plan):
    made = plan((LIST, DEFAULT, "{}"), CLOUDWATCH, EC2)
    made.decisions[1].file.source.unlink()

    assert cut_in(made) == Cut()


def test_only_other_services_go():
    cut = json.loads(cut_endpoints(json.dumps(TABLE).encode(), ["s3", "monitoring"]))

    assert cut["partitions"][0] == {**TABLE["partitions"][0], "services": {"monitoring": {"a": 1}, "s3": {}}}
    assert cut["partitions"][1] == {**TABLE["partitions"][1], "services": {"s3": {"endpoints": {"cn-north-1": {}}}}}
    assert list(cut) == list(TABLE)


@pytest.mark.parametrize("table", [{**TABLE, "version": 4}, {"version": 3}, {"version": 3, "partitions": [1]}, [1]])
def test_another_form_is_left_alone(table):
    data = json.dumps(table).encode()

    assert cut_endpoints(data, ["s3"]) == data
