"""Which functions does this project deploy?

`find` asks the deployment file (`deployment`), the settings, or the code itself (`plain`); `artifacts` are packages
that other tools built; `handlers` looks whether a handler is there, `declared` where dependencies are named.
"""

from lambda_slim.project.artifacts import is_built
from lambda_slim.project.find import deployment_file, find_project
from lambda_slim.project.handlers import check_handler, names_in
from lambda_slim.project.records import Failure, Function, Project, Requirements, RequirementsKind
from lambda_slim.project.targets import known_target

__all__ = [
    "Failure",
    "Function",
    "Project",
    "Requirements",
    "RequirementsKind",
    "check_handler",
    "deployment_file",
    "find_project",
    "is_built",
    "known_target",
    "names_in",
]
