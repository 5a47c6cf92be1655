"""Drives the local S3, SNS and MSK Connect with boto3 and the AWS CLI, unchanged: foreign-clients.py ENDPOINT."""

import base64
import datetime
import json
import os
import subprocess
import sys
import time

import boto3
from botocore.exceptions import ClientError

ENDPOINT = sys.argv[1]
os.environ.update(
    AWS_ACCESS_KEY_ID="local",
    AWS_SECRET_ACCESS_KEY="local",
    AWS_DEFAULT_REGION="eu-central-1",
    AWS_EC2_METADATA_DISABLED="true",
    AWS_CONFIG_FILE=os.devnull,
    AWS_SHARED_CREDENTIALS_FILE=os.devnull,
)


def refusal(call, **arguments):
    """The code and status of the error that the call must end in."""
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
    raise AssertionError(f"{call} was not refused")


def cli(*arguments, text=None):
    """Standard output of an AWS CLI command, which must succeed."""
    command = [sys.executable, "-m", "awscli", "--endpoint-url", ENDPOINT, "--output", "json", *arguments]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{arguments}: {done.stderr}"
    return done.stdout


def expect(found, expected):
    assert found == expected, f"{found!r} is not {expected!r}"


def wait_for(condition):
    """Asks five times a second, for 20 seconds at most."""
    for _ in range(100):
        if condition():
            return
        time.sleep(0.2)
    raise AssertionError("waited in vain")


def s3_with_boto3():
    s3 = boto3.client("s3", endpoint_url=ENDPOINT)
    s3.create_bucket(Bucket="boto", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_bucket_versioning(Bucket="boto", VersioningConfiguration={"Status": "Enabled"})
    put = s3.put_object(
        Bucket="boto", Key="a/key with ä+.json", Body="größe".encode(), Metadata={"intent": "recreate"}, IfNoneMatch="*"
    )
    got = s3.get_object(Bucket="boto", Key="a/key with ä+.json")
    expect(got["Body"].read().decode(), "größe")
    expect((got["Metadata"], got["ETag"], got["VersionId"]), ({"intent": "recreate"}, put["ETag"], put["VersionId"]))
    again = {"Bucket": "boto", "Key": "a/key with ä+.json", "Body": b"x"}
    expect(refusal(s3.put_object, IfNoneMatch="*", **again), ("PreconditionFailed", 412))
    expect(refusal(s3.put_object, IfMatch='"0"', **again), ("PreconditionFailed", 412))
    expect(refusal(s3.get_object, Bucket="boto", Key="missing"), ("NoSuchKey", 404))
    expect(refusal(s3.head_object, Bucket="boto", Key="missing"), ("404", 404))
    for number in range(5):
        s3.put_object(Bucket="boto", Key=f"many/{number}", Body=b"")
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket="boto", Prefix="many/", PaginationConfig={"PageSize": 2}
    )
    expect([item["Key"] for page in pages for item in page["Contents"]], [f"many/{number}" for number in range(5)])
    listed = s3.list_objects_v2(Bucket="boto", Prefix="a/")
    expect([item["Key"] for item in listed["Contents"]], ["a/key with ä+.json"])
    s3.delete_object(Bucket="boto", Key="many/0")
    deleted = s3.list_object_versions(Bucket="boto", Prefix="many/0")
    expect([marker["IsLatest"] for marker in deleted["DeleteMarkers"]], [True])
    s3.delete_objects(Bucket="boto", Delete={"Objects": [{"Key": "many/1"}, {"Key": "many/2"}]})
    expect(s3.list_objects_v2(Bucket="boto", Prefix="many/")["KeyCount"], 2)


def sns_with_boto3():
    sns = boto3.client("sns", endpoint_url=ENDPOINT)
    topic = sns.create_topic(Name="people")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="oncall@example.com")
    sns.publish(TopicArn=topic, Subject="from boto3", Message="line 1\nline 2 & <3")
    subscriptions = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    expect([each["Endpoint"] for each in subscriptions], ["oncall@example.com"])
    expect(refusal(sns.publish, TopicArn=topic, Subject="x" * 101, Message="text"), ("InvalidParameter", 400))
    expect(refusal(sns.publish, TopicArn=topic + "-not", Message="text"), ("NotFound", 404))


def kafkaconnect_with_boto3():
    connect = boto3.client("kafkaconnect", endpoint_url=ENDPOINT)
    plugin = connect.create_custom_plugin(
        name="debezium-mysql",
        contentType="ZIP",
        location={"s3Location": {"bucketArn": "arn:aws:s3:::plugins", "fileKey": "debezium.zip"}},
    )["customPluginArn"]
    worker = connect.create_worker_configuration(
        name="orders", propertiesFileContent=base64.b64encode(b"offset.storage.topic=orders-offsets\n").decode()
    )["workerConfigurationArn"]
    arn = connect.create_connector(
        connectorName="orders-cdc",
        kafkaConnectVersion="3.7.x",
        capacity={"provisionedCapacity": {"mcuCount": 1, "workerCount": 1}},
        connectorConfiguration={"connector.class": "io.debezium.connector.mysql.MySqlConnector"},
        kafkaCluster={
            "apacheKafkaCluster": {
                "bootstrapServers": "b-1.example:9098",
                "vpc": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"]},
            }
        },
        kafkaClusterClientAuthentication={"authenticationType": "IAM"},
        kafkaClusterEncryptionInTransit={"encryptionType": "TLS"},
        plugins=[{"customPlugin": {"customPluginArn": plugin, "revision": 1}}],
        workerConfiguration={"workerConfigurationArn": worker, "revision": 1},
        serviceExecutionRoleArn="arn:aws:iam::123456789012:role/connect-execution",
        tags={"team": "orders"},
    )["connectorArn"]
    wait_for(lambda: connect.describe_connector(connectorArn=arn)["connectorState"] == "RUNNING")
    [found] = connect.list_connectors(connectorNamePrefix="orders")["connectors"]
    expect((found["connectorArn"], isinstance(found["creationTime"], datetime.datetime)), (arn, True))
    expect(connect.list_tags_for_resource(resourceArn=arn)["tags"], {"team": "orders"})
    operation = connect.restart_connector(connectorArn=arn)["connectorOperationArn"]
    wait_for(
        lambda: connect.describe_connector_operation(connectorOperationArn=operation)["connectorOperationState"]
        == "RESTART_COMPLETE"
    )
    missing = arn.replace("orders-cdc", "nobody")
    expect(refusal(connect.describe_connector, connectorArn=missing), ("NotFoundException", 404))


def the_cli():
    cli("s3", "mb", "s3://from-the-cli")
    cli("s3", "cp", "-", "s3://from-the-cli/connectors/orders-cdc.json", text='{"connectorName":"orders-cdc"}')
    expect(cli("s3", "cp", "s3://from-the-cli/connectors/orders-cdc.json", "-"), '{"connectorName":"orders-cdc"}')
    assert "orders-cdc.json" in cli("s3", "ls", "s3://from-the-cli/connectors/")
    topic = json.loads(cli("sns", "create-topic", "--name", "people"))["TopicArn"]
    cli("sns", "publish", "--topic-arn", topic, "--subject", "from the CLI", "--message", "text")
    connectors = json.loads(cli("kafkaconnect", "list-connectors"))["connectors"]
    expect([each["connectorName"] for each in connectors], ["orders-cdc"])


for check in (s3_with_boto3, sns_with_boto3, kafkaconnect_with_boto3, the_cli):
    check()
    print(f"{check.__name__}: as expected")
