"""Which functions does this project deploy?

`find` asks the template (`templates`), the settings, or the folder itself; `artifacts` are packages that other tools
built; `handlers` looks whether a handler is there, `declared` where dependencies are named.
"""

from lambda_slim.project.artifacts import is_built
from lambda_slim.project.find import find_project, template_of
from lambda_slim.project.handlers import check_handler, names_in
from lambda_slim.project.records import Function, Project, Requirements, RequirementsKind
from lambda_slim.project.targets import known_target

__all__ = [
    "Function",
    "Project",
    "Requirements",
    "RequirementsKind",
    "check_handler",
    "find_project",
    "is_built",
    "known_target",
    "names_in",
    "template_of",
]
