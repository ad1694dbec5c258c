# The zip is made while Terraform applies, so its own digest is not known before: the digest of the source says when the
# function has to be uploaded. `filebase64sha256` of the zip would upload an edit one apply too late.
resource "aws_lambda_function" "hello" {
  function_name    = "hello"
  role             = aws_iam_role.hello.arn
  runtime          = "python3.12"
  handler          = "app.handler"
  filename         = "${path.module}/dist/hello.zip"
  source_code_hash = base64sha256(join("", terraform_data.hello.triggers_replace))
}

resource "aws_iam_role" "hello" {
  name = "hello"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Action = "sts:AssumeRole", Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
