"""`make user` on a user pool: the role's group is made, and a repeat changes nothing."""

import sys

import boto3
import pytest

from infra.local.users import Member
from operations import user

EMAIL = "petugas@kotabumi.test"


def test_a_member_of_staff_is_invited_once_into_the_offices_group(aws: None) -> None:
    cognito = boto3.client("cognito-idp")
    pool_id = cognito.create_user_pool(PoolName="staff")["UserPool"]["Id"]
    staff = Member("staff", "kotabumi")
    assert user.invite(cognito, pool_id, staff, EMAIL)
    assert not user.invite(cognito, pool_id, staff, EMAIL)
    groups = cognito.admin_list_groups_for_user(UserPoolId=pool_id, Username=EMAIL)["Groups"]
    assert [group["GroupName"] for group in groups] == ["office:kotabumi"]


def test_on_aws_the_pool_is_named_by_the_environment(
    aws: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pool_id = boto3.client("cognito-idp").create_user_pool(PoolName="staff")["UserPool"]["Id"]
    monkeypatch.setenv("USER_POOL_ID", pool_id)
    monkeypatch.setattr(sys, "argv", ["user", "--role", "admin", "--email", EMAIL])
    assert user.main() == 0
    assert capsys.readouterr().out == "made, in the group admin\n"


def test_a_role_without_its_office_is_refused_in_one_line(
    aws: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["user", "--role", "staff", "--email", EMAIL])
    assert user.main() == 1
    assert "give OFFICE=kotabumi" in capsys.readouterr().err
