# Built when Terraform applies, and only where a file of the source has changed; no other provider is needed for that.
locals {
  source = "${path.module}/../../hello"
}

resource "terraform_data" "hello" {
  triggers_replace = [for file in sort(fileset(local.source, "**")) : "${file} ${filesha256("${local.source}/${file}")}"]

  provisioner "local-exec" {
    command = "lambda-slim build ${local.source} --handler app.handler --python 3.12 -o ${path.module}/dist/hello.zip --quiet"
  }
}

output "filename" {
  value      = "${path.module}/dist/hello.zip"
  depends_on = [terraform_data.hello]
}
