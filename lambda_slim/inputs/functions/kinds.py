"""The kinds of deployment files, in the order in which they are asked. A new one is a module and a line here."""

from lambda_slim.inputs.functions import (
    cdk,
    chalice,
    docker,
    pulumi,
    sam,
    serverless,
    sst,
    terraform,
    terraform_plan,
    terragrunt,
    zappa,
)

KINDS = (
    sam.KIND,
    serverless.KIND,
    cdk.KIND,
    terraform_plan.KIND,
    terragrunt.KIND,
    terraform.KIND,
    chalice.KIND,
    zappa.KIND,
    sst.KIND,
    pulumi.KIND,
    docker.KIND,
)
