"""Which AWS services are taken as used, and when nobody can know."""

from lambda_slim.imports.walk import reach
from lambda_slim.model.imports import Clients, Edge, How, Imports, Module, Unresolved
from lambda_slim.plan.evidence.aws_services import find_services

MODULES = {
    "app": Module("app", "app.py", False),
    "boto3": Module("boto3", "boto3/__init__.py", True, owner="boto3"),
    "helper": Module("helper", "helper.py", False, owner="helper"),
}


def services(edges, clients):
    graph = {name: tuple(Edge(name, target, 1, How.TOP) for target in targets) for name, targets in edges.items()}
    imports = Imports(MODULES, graph, services=clients)
    needed, _ = find_services(imports, reach(imports, ["app"]))
    return needed


def test_named_services_are_used():
    assert services({"app": ["boto3"]}, {"app": Clients(frozenset({"s3"}))}) == {"s3"}


def test_a_name_of_run_time_means_all():
    gap = Unresolved("app.py", 3, "boto3.client(name)", "")

    assert services({"app": ["boto3"]}, {"app": Clients(frozenset({"s3"}), (gap,))}) is None


def test_the_sdk_without_any_name_means_all():
    assert services({"app": ["boto3"]}, {}) is None


def test_a_helper_that_names_its_services_is_believed():
    assert services({"app": ["helper"], "helper": ["boto3"]}, {"helper": Clients(frozenset({"ssm"}))}) == {"ssm"}


def test_the_project_that_takes_the_sdk_in_hand_beside_a_helper_may_want_more():
    edges = {"app": ["helper", "boto3"], "helper": ["boto3"]}

    assert services(edges, {"helper": Clients(frozenset({"ssm"}))}) is None
