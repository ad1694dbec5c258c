"""The kinds of deployment files, in the order in which they are asked. A new one is a module and a line here."""

from lambda_slim.inputs.functions import sam, serverless, terraform

KINDS = (
    sam.KIND,
    serverless.KIND,
    terraform.KIND,
)
