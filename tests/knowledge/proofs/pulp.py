# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "pulp<4",
# ]
# ///
import pulp

problem = pulp.LpProblem("p", pulp.LpMaximize)
x = pulp.LpVariable("x", 0, 4)
problem += x
problem += 2 * x <= 6
assert pulp.LpStatus[problem.status] == "Not Solved"
assert problem.to_dict()["parameters"]["name"] == "p"
assert "PULP_CBC_CMD" in pulp.listSolvers(onlyAvailable=True)
problem.solve(pulp.PULP_CBC_CMD(msg=0))
assert x.value() == 3
