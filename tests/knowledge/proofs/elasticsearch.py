# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "elasticsearch",
#   "opensearch-py",
# ]
# ///
import elasticsearch
import opensearchpy
from opensearchpy import AWSV4SignerAuth

client = elasticsearch.Elasticsearch("http://127.0.0.1:9", max_retries=0, request_timeout=1)
try:
    client.search(index="i", query={"match_all": {}})
    raise SystemExit("no error")
except elasticsearch.ConnectionError:
    pass
assert client.indices and client.cat and client.ml
other = opensearchpy.OpenSearch("http://127.0.0.1:9", max_retries=0, timeout=1)
try:
    other.index(index="i", body={"a": 1})
    raise SystemExit("no error")
except opensearchpy.exceptions.ConnectionError:
    pass
search = opensearchpy.Search(using=other).query("match", a=1)
assert search.to_dict() == {"query": {"match": {"a": 1}}}
assert other.plugins and other.indices
