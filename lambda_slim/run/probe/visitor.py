"""A visitor of syntax trees that finds its methods by the types of nodes; executed by `import_scan.py`."""

import ast

LEAVES = {ast.Load, ast.Store, ast.Del, ast.Constant, ast.Pass}


class TypedVisitor(ast.NodeVisitor):
    """As `NodeVisitor`, which looks for its method by name at every node."""

    def __init_subclass__(cls):
        methods = ((name, method) for name, method in vars(cls).items() if name.startswith("visit_"))
        cls.methods = {getattr(ast, name[6:], None): method for name, method in methods}

    def visit(self, node):
        """Calls the method of the node's type."""
        self.methods.get(type(node), TypedVisitor.generic_visit)(self, node)

    def generic_visit(self, node):
        """All that is below a node, but for what has nothing below it."""
        for field in node._fields:
            value = getattr(node, field, None)
            for child in value if type(value) is list else (value,):
                if isinstance(child, ast.AST) and type(child) not in LEAVES:
                    self.visit(child)
