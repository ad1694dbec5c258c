# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "google-api-core[grpc]",
# ]
# ///
import google.api_core
from google.api_core import client_options, exceptions, gapic_v1, page_iterator, path_template, retry, timeout
from google.api_core.gapic_v1 import method

calls = []
@retry.Retry(predicate=retry.if_exception_type(exceptions.ServiceUnavailable), initial=0.01)
def flaky():
    calls.append(1)
    if len(calls) < 2:
        raise exceptions.ServiceUnavailable("x")
    return 7
assert flaky() == 7
assert path_template.expand("/v1/{name=projects/*}", name="projects/p") == "/v1/projects/p"
assert exceptions.from_http_status(404, "n").code == 404
import grpc
wrapped = method.wrap_method(lambda request, **kwargs: request + 1, default_timeout=timeout.TimeToDeadlineTimeout(1))
assert wrapped(1) == 2
assert client_options.from_dict({"api_endpoint": "e"}).api_endpoint == "e"
from google.rpc import error_details_pb2, status_pb2
assert status_pb2.Status(code=5).code == 5 and error_details_pb2.ErrorInfo(reason="r").reason == "r"
from google.api_core.operations_v1 import OperationsClient
