"""The data of AWS services: by folder, with what the SDK calls by itself."""

from lambda_slim.knowledge.aws import service_of, unneeded


def test_service_of():
    assert service_of("botocore/data/s3/2006-03-01/service-2.json.gz") == "s3"
    assert service_of("boto3/data/ec2/2016-11-15/resources-1.json") == "ec2"
    assert service_of("botocore/data/_retry.json") == ""
    assert service_of("botocore/datasets/s3/x") == ""


def test_unnamed_services_are_not_needed():
    assert unneeded("botocore/data/ec2/2016-11-15/service-2.json.gz", {"s3"})
    assert not unneeded("botocore/data/s3/2006-03-01/waiters-2.json", {"s3"})


def test_shared_files_and_credential_providers_stay():
    for path in ("botocore/data/endpoints.json", "botocore/data/partitions.json", "botocore/cacert.pem"):
        assert not unneeded(path, ())
    assert not unneeded("botocore/data/sts/2011-06-15/service-2.json.gz", ())
