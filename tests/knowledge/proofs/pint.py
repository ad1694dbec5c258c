# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "pint",
#   "sympy",
#   "inflect",
# ]
# ///
import pint
import sympy

units = pint.UnitRegistry()
assert (3 * units.meter).to("cm").magnitude == 300 and "meter" in str(units("5 km").to("m"))
assert units.Quantity("20 degC").to("degF").magnitude > 67
try:
    units("3 m").to("s")
    raise SystemExit("no error")
except pint.DimensionalityError:
    pass
x = sympy.symbols("x")
assert sympy.integrate(sympy.sin(x), x) == -sympy.cos(x) and sympy.solve(x**2 - 4) == [-2, 2]
assert sympy.latex(sympy.sqrt(x)) == r"\sqrt{x}" and sympy.lambdify(x, x + 1)(2) == 3
assert sympy.parse_expr("2*x") == 2 * x and sympy.series(sympy.exp(x), x, 0, 3)
