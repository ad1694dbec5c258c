"""docker."""

from lambda_slim.inputs.functions.records import DeploymentKind

KIND = DeploymentKind("docker", lambda folder: None, lambda path, text: False, lambda path, asked: ())
