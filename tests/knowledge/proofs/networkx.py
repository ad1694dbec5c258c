# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "networkx",
#   "numpy",
#   "scipy",
# ]
# ///
import io
import networkx as nx

graph = nx.DiGraph([("a", "b", {"weight": 2}), ("b", "c", {"weight": 1}), ("a", "c", {"weight": 9})])
assert nx.shortest_path(graph, "a", "c", weight="weight") == ["a", "b", "c"]
assert list(nx.topological_sort(graph)) == ["a", "b", "c"]
assert round(sum(nx.pagerank(graph).values()), 6) == 1
assert nx.is_directed_acyclic_graph(graph)
assert nx.to_numpy_array(graph).shape == (3, 3)
buffer = io.BytesIO()
nx.write_graphml(graph, buffer)
buffer.seek(0)
assert nx.read_graphml(buffer).number_of_edges() == 3
assert nx.node_link_graph(nx.node_link_data(graph)).number_of_nodes() == 3
karate = nx.karate_club_graph()
assert len(nx.community.louvain_communities(karate, seed=1)) > 1
assert len(nx.spring_layout(karate, seed=1)) == 34
assert nx.maximum_flow_value(graph, "a", "c", capacity="weight") == 10
try:
    nx.shortest_path(graph, "c", "a")
    raise SystemExit("no error")
except nx.NetworkXNoPath:
    pass
