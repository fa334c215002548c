"""Integration tests have AWS in the process (moto), and open no socket."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws
from pytest_socket import disable_socket

from antrean.runtime import clock
from tests.engines.table import create_table
from tests.support.clocks import NoClock, StandingClock
from tests.support.permissions import (  # noqa: F401 - fixtures of every test here
    only_what_the_template_allows,
    refused_calls,
)
from tests.support.worlds import SECRET, SECRET_ID, World, a_world, in_order
from tests.support.worlds import TABLE as TABLE_NAME

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup() -> None:
    disable_socket()


@pytest.fixture(autouse=True)
def _no_system_clock() -> Iterator[None]:
    with clock.use(NoClock()):
        yield


@pytest.fixture
def aws() -> Iterator[None]:
    """An empty AWS account."""
    with mock_aws():
        yield


@pytest.fixture(scope="session")
def client() -> "DynamoDBClient":
    """One client for all tests: making one takes longer than most of them."""
    return boto3.client("dynamodb")


@pytest.fixture
def table(aws: None, client: "DynamoDBClient") -> str:
    """The name of the table of template.yaml in that account."""
    create_table(client, TABLE_NAME)
    return TABLE_NAME


@pytest.fixture
def world(table: str, client: "DynamoDBClient") -> Iterator[World]:
    """That table, on a Monday morning; every invariant must hold at the end."""
    with a_world(client, StandingClock()) as world, in_order():
        yield world


@pytest.fixture
def cold_world(table: str) -> Iterator[World]:
    """The same, where the functions make their own clients and read the secret from its service."""
    boto3.client("secretsmanager").create_secret(Name=SECRET_ID, SecretString=SECRET)
    with a_world(None, StandingClock()) as world, in_order():
        yield world
