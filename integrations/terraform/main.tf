# Built whenever Terraform plans: the zip has the same bytes as long as nothing changes.
data "external" "hello" {
  program = ["python3", "${path.module}/lambda_slim.py"]
  query = {
    source  = "${path.module}/../hello"
    handler = "app.handler"
    python  = "3.12"
    output  = "${path.module}/dist/hello.zip"
  }
}

resource "aws_lambda_function" "hello" {
  function_name    = "hello"
  role             = aws_iam_role.hello.arn
  runtime          = "python3.12"
  handler          = "app.handler"
  filename         = data.external.hello.result.filename
  source_code_hash = data.external.hello.result.source_code_hash
}

resource "aws_iam_role" "hello" {
  name = "hello"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Action = "sts:AssumeRole", Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
