"""The table that tests build is the one that template.yaml deploys."""

import boto3
import pytest
from botocore.exceptions import ClientError


def test_the_table_is_found_by_partition_and_sort_key(table: str) -> None:
    described = boto3.client("dynamodb").describe_table(TableName=table)["Table"]
    assert described["KeySchema"] == [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ]


def test_every_test_has_an_empty_account(aws: None) -> None:
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        boto3.client("dynamodb").describe_table(TableName="antrean")
