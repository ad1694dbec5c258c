"""Code that tells of every line of a module's body, for Pythons that have no sys.monitoring (before 3.12)."""

import ast


def marked(path):
    """A module's code that tells of every line of its body; None where there is no source, or it does not compile."""

    def block(body):
        marked = []
        for statement in body:
            fixed = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
            text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            if not fixed and not text:
                name = ast.Name("__slim_line__", ast.Load())
                call = ast.Expr(ast.Call(name, [ast.Constant(statement.lineno)], []))
                marked.append(ast.fix_missing_locations(ast.copy_location(call, statement)))
            if isinstance(statement, (ast.If, ast.For, ast.While, ast.With, ast.Try)):
                for part in ("body", "orelse", "finalbody"):
                    if getattr(statement, part, None):
                        setattr(statement, part, block(getattr(statement, part)))
                for handler in getattr(statement, "handlers", ()):
                    handler.body = block(handler.body)
            marked.append(statement)
        return marked

    try:
        with open(path, "rb") as file:
            tree = ast.parse(file.read(), path)
        tree.body = block(tree.body)
        end = ast.parse("__slim_line__(0)").body
        tree.body += [ast.copy_location(end[0], tree.body[-1])] if tree.body else []
        return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)
    except (OSError, SyntaxError, ValueError, RecursionError):
        return None
