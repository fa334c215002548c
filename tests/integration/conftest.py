"""Integration tests have AWS in the process (moto), and open no socket."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws
from pytest_socket import disable_socket

from tests.engines.table import create_table

TABLE_NAME = "antrean"


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup() -> None:
    disable_socket()


@pytest.fixture
def aws() -> Iterator[None]:
    """An empty AWS account."""
    with mock_aws():
        yield


@pytest.fixture
def table(aws: None) -> str:
    """The name of the table of template.yaml in that account."""
    create_table(boto3.client("dynamodb"), TABLE_NAME)
    return TABLE_NAME
