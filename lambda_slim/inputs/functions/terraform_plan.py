"""terraform_plan."""

from lambda_slim.inputs.functions.records import DeploymentKind

KIND = DeploymentKind("terraform_plan", lambda folder: None, lambda path, text: False, lambda path, asked: ())
