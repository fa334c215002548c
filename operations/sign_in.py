"""How an operator's command reaches a stack: the local one that runs, or one on AWS by its name."""

import os

import boto3
from botocore.config import Config

from infra.local.paths import Paths


def sign_in(stack: str | None, paths: Paths) -> str:
    """Have `antrean` work on a deployed stack as its functions do; return who asks for it."""
    if stack is None:
        from infra.local.deploy import STACK
        from infra.local.running import Running

        endpoints = Running.of(paths).endpoints
        stack = STACK
        os.environ.update(
            AWS_ENDPOINT_URL=endpoints["aws_endpoint"],
            AWS_DEFAULT_REGION=endpoints["region"],
            AWS_ACCESS_KEY_ID="test",
            AWS_SECRET_ACCESS_KEY="test",  # noqa: S106 - the emulator takes any
        )
    once = Config(retries={"total_max_attempts": 1})
    described = boto3.client("cloudformation", config=once).describe_stacks(StackName=stack)
    listed = described["Stacks"][0]["Outputs"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in listed}
    os.environ.update(
        TABLE_NAME=outputs["TableName"],
        ROSTER_BUCKET=outputs["RosterBucketName"],
        SECRET_ID=outputs["SecretId"],
        PUBLISH_FUNCTION=f"{stack}-publish-rosters",
        MESSAGE_QUEUE_URL=outputs["MessageQueueUrl"],
    )
    return str(boto3.client("sts", config=once).get_caller_identity()["Arn"])
