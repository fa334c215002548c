"""What template.yaml promises of data, queues, users and logs. The local stack ignores most of
it (encryption, TTL, point-in-time recovery, throttles), so it is asserted here."""

import csv
import json
from typing import Any

import pytest

from infra.build.zips import ROOT
from infra.local.schedules import in_utc
from infra.local.template import read

TEMPLATE = read(ROOT / "template.yaml")
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]
SHARED = TEMPLATE["Globals"]["Function"]


def of_type(kind: str) -> dict[str, Any]:
    """The properties of the resources of a type, by logical id."""
    return {
        name: resource["Properties"]
        for name, resource in RESOURCES.items()
        if resource["Type"] == kind
    }


FUNCTIONS = of_type("AWS::Serverless::Function")
SCHEDULES = {
    (name, event): described["Properties"]
    for name, function in FUNCTIONS.items()
    for event, described in function["Events"].items()
    if described["Type"] == "ScheduleV2"
}
API_FUNCTIONS = {"PublicFunction", "StaffFunction", "AdminFunction"}
SCHEDULED = {name for name, _ in SCHEDULES}

# --- Data -----------------------------------------------------------------------------------------


def test_the_table_is_on_demand_with_the_two_keys() -> None:
    table = RESOURCES["Table"]["Properties"]

    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["KeySchema"] == [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ]


def test_the_table_can_be_taken_back_to_any_second_of_the_last_days() -> None:
    recovery = RESOURCES["Table"]["Properties"]["PointInTimeRecoverySpecification"]

    assert recovery["PointInTimeRecoveryEnabled"] is True


def test_the_table_forgets_by_expires_at() -> None:
    assert RESOURCES["Table"]["Properties"]["TimeToLiveSpecification"] == {
        "AttributeName": "expires_at",
        "Enabled": True,
    }


def test_the_retention_time_can_be_set_and_reaches_every_function() -> None:
    assert TEMPLATE["Parameters"]["RetentionDays"]["Default"] == 90
    assert SHARED["Environment"]["Variables"]["RETENTION_DAYS"] == {"Ref": "RetentionDays"}


def test_tombstones_are_left_of_bookings_that_their_ttl_removed_and_tried_again() -> None:
    source = FUNCTIONS["LeaveTombstonesFunction"]["Events"]["Removals"]["Properties"]
    (pattern,) = [json.loads(each["Pattern"]) for each in source["FilterCriteria"]["Filters"]]

    assert RESOURCES["Table"]["Properties"]["StreamSpecification"] == {
        "StreamViewType": "NEW_AND_OLD_IMAGES"
    }
    assert pattern == {
        "eventName": ["REMOVE"],
        "userIdentity": {"type": ["Service"], "principalId": ["dynamodb.amazonaws.com"]},
        "dynamodb": {"Keys": {"pk": {"S": [{"prefix": "BOOKING#"}]}, "sk": {"S": ["BOOKING"]}}},
    }
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["MaximumRetryAttempts"] >= 10
    assert source["DestinationConfig"]["OnFailure"]["Destination"] == {
        "Fn::GetAtt": ["TombstonesDeadLetterQueue", "Arn"]
    }


def test_table_rosters_and_secret_are_encrypted_with_the_customers_key() -> None:
    key = {"Fn::GetAtt": ["DataKey", "Arn"]}
    encryption = RESOURCES["RosterBucket"]["Properties"]["BucketEncryption"]
    rule = encryption["ServerSideEncryptionConfiguration"][0]

    assert RESOURCES["Table"]["Properties"]["SSESpecification"] == {
        "SSEEnabled": True,
        "SSEType": "KMS",
        "KMSMasterKeyId": key,
    }
    assert rule["ServerSideEncryptionByDefault"] == {
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": key,
    }
    assert RESOURCES["Secret"]["Properties"]["KmsKeyId"] == key
    assert RESOURCES["DataKey"]["Properties"]["EnableKeyRotation"] is True


def test_the_key_is_used_through_the_services_of_this_account_only() -> None:
    admin, use = RESOURCES["DataKey"]["Properties"]["KeyPolicy"]["Statement"]

    assert admin["Principal"] == {
        "AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
    }
    assert use["Condition"]["StringEquals"]["kms:CallerAccount"] == {"Ref": "AWS::AccountId"}
    assert len(use["Condition"]["StringEquals"]["kms:ViaService"]) == 3


@pytest.mark.parametrize("name", ["Table", "RosterBucket", "DataKey", "Secret", "UserPool"])
def test_what_cannot_be_made_again_outlives_the_stack(name: str) -> None:
    assert RESOURCES[name]["DeletionPolicy"] == "Retain"
    assert RESOURCES[name]["UpdateReplacePolicy"] == "Retain"


def test_neither_table_nor_users_can_be_deleted_by_a_slip() -> None:
    assert RESOURCES["Table"]["Properties"]["DeletionProtectionEnabled"] is True
    assert RESOURCES["UserPool"]["Properties"]["DeletionProtection"] == "ACTIVE"


def test_the_secret_is_64_random_characters() -> None:
    generated = RESOURCES["Secret"]["Properties"]["GenerateSecretString"]

    assert generated == {"PasswordLength": 64, "ExcludePunctuation": True}


def test_rosters_are_private_and_versioned() -> None:
    bucket = RESOURCES["RosterBucket"]["Properties"]

    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


def test_rosters_are_read_over_tls_only() -> None:
    (statement,) = RESOURCES["RosterBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]

    assert (statement["Effect"], statement["Principal"], statement["Action"]) == (
        "Deny",
        "*",
        "s3:*",
    )
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert statement["Resource"] == [
        {"Fn::GetAtt": ["RosterBucket", "Arn"]},
        {"Fn::Sub": "${RosterBucket.Arn}/*"},
    ]


def test_rosters_are_deleted_after_the_retention_time() -> None:
    rules = RESOURCES["RosterBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    (rule,) = [rule for rule in rules if "ExpirationInDays" in rule]

    assert rule["Status"] == "Enabled"
    assert rule["Prefix"] == "rosters/"
    assert rule["ExpirationInDays"] == {"Ref": "RosterRetentionDays"}
    assert rule["NoncurrentVersionExpiration"]["NoncurrentDays"] <= 30
    assert TEMPLATE["Parameters"]["RosterRetentionDays"]["Default"] == 90


def test_uploads_are_private_encrypted_and_soon_deleted() -> None:
    bucket = RESOURCES["ImportBucket"]["Properties"]
    rules = bucket["LifecycleConfiguration"]["Rules"]
    (expiring,) = [rule for rule in rules if "ExpirationInDays" in rule]
    (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]

    assert list(bucket["PublicAccessBlockConfiguration"].values()) == [True] * 4
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert expiring["Prefix"] == "imports/"
    assert expiring["ExpirationInDays"] == 14
    assert encryption["ServerSideEncryptionByDefault"]["KMSMasterKeyID"] == {
        "Fn::GetAtt": ["DataKey", "Arn"]
    }
    (deny,) = RESOURCES["ImportBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert [rule["AllowedMethods"] for rule in bucket["CorsConfiguration"]["CorsRules"]] == [
        ["PUT"]
    ]


def test_an_upload_rings_and_only_this_accounts_s3_may_ring() -> None:
    (told,) = RESOURCES["ImportBucket"]["Properties"]["NotificationConfiguration"][
        "QueueConfigurations"
    ]
    (allowed,) = RESOURCES["UploadQueuePolicy"]["Properties"]["PolicyDocument"]["Statement"]

    assert told["Queue"] == allowed["Resource"] == {"Fn::GetAtt": ["UploadQueue", "Arn"]}
    assert told["Filter"] == {"S3Key": {"Rules": [{"Name": "prefix", "Value": "imports/"}]}}
    assert allowed["Principal"] == {"Service": "s3.amazonaws.com"}
    assert allowed["Condition"] == {
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    }
    assert RESOURCES["ImportBucket"]["DependsOn"] == "UploadQueuePolicy"


@pytest.mark.parametrize(
    ("function", "queue"),
    [("StartImportFunction", "UploadQueue"), ("ApplyImportFunction", "ImportQueue")],
)
def test_imports_run_a_few_at_a_time_and_come_again(function: str, queue: str) -> None:
    source = FUNCTIONS[function]["Events"]["Queue"]["Properties"]
    described = RESOURCES[queue]["Properties"]

    assert source["Queue"] == {"Fn::GetAtt": [queue, "Arn"]}
    assert source["ScalingConfig"] == {"MaximumConcurrency": 5}
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert described["VisibilityTimeout"] >= 6 * FUNCTIONS[function]["Timeout"]
    assert described["RedrivePolicy"]["maxReceiveCount"] == 5


# --- Functions ------------------------------------------------------------------------------------


def test_functions_run_on_graviton_with_python_3_13() -> None:
    assert SHARED["Architectures"] == ["arm64"]
    assert SHARED["Runtime"] == "python3.13"
    assert not any({"Architectures", "Runtime"} & set(function) for function in FUNCTIONS.values())


def test_an_api_function_has_a_gigabyte_and_applicants_wait_ten_seconds_at_most() -> None:
    assert (SHARED["MemorySize"], SHARED["Timeout"]) == (1024, 10)
    assert not {"MemorySize", "Timeout"} & FUNCTIONS["PublicFunction"].keys()
    for name in API_FUNCTIONS:
        assert FUNCTIONS[name].get("MemorySize", 1024) >= 1024
        assert FUNCTIONS[name].get("Timeout", 10) < 29, "the gateway has given up by then"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_functions_log_is_kept_for_a_set_time(name: str) -> None:
    group = FUNCTIONS[name]["LoggingConfig"]["LogGroup"]["Ref"]

    assert RESOURCES[group]["Type"] == "AWS::Logs::LogGroup"


def test_every_log_group_has_a_retention_time() -> None:
    groups = of_type("AWS::Logs::LogGroup")

    assert len(groups) == len(FUNCTIONS) + 1
    for group in groups.values():
        assert group["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_no_log_can_be_set_to_the_level_at_which_libraries_log_items() -> None:
    assert "DEBUG" not in TEMPLATE["Parameters"]["LogLevel"]["AllowedValues"]


def test_the_local_python_path_reaches_no_function_on_aws() -> None:
    assert TEMPLATE["Parameters"]["LocalPythonPath"]["Default"] == ""
    assert SHARED["Environment"]["Variables"]["PYTHONPATH"] == {
        "Fn::If": ["IsLocal", {"Ref": "LocalPythonPath"}, {"Ref": "AWS::NoValue"}]
    }


# --- Queues and schedules -------------------------------------------------------------------------


def test_queues_are_encrypted_and_dead_letters_kept_for_two_weeks() -> None:
    queues = of_type("AWS::SQS::Queue")

    assert all(queue["SqsManagedSseEnabled"] is True for queue in queues.values())
    for name, queue in queues.items():
        if name.endswith("DeadLetterQueue"):
            assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600


@pytest.mark.parametrize("name", SCHEDULED)
def test_a_scheduled_function_has_a_dead_letter_queue_of_its_own(name: str) -> None:
    queue = {"Fn::GetAtt": [name.replace("Function", "DeadLetterQueue"), "Arn"]}

    assert FUNCTIONS[name]["DeadLetterQueue"] == {"Type": "SQS", "TargetArn": queue}
    for (function, _), schedule in SCHEDULES.items():
        if function == name:
            assert schedule["DeadLetterConfig"] == {"Arn": queue}


def test_a_roster_that_fails_three_times_goes_to_the_dead_letter_queue() -> None:
    assert RESOURCES["RosterQueue"]["Properties"]["RedrivePolicy"] == {
        "deadLetterTargetArn": {"Fn::GetAtt": ["RosterDeadLetterQueue", "Arn"]},
        "maxReceiveCount": 3,
    }


def test_a_batch_of_rosters_names_those_that_failed() -> None:
    queue = FUNCTIONS["PublishRosterFunction"]["Events"]["Queue"]["Properties"]

    assert queue["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert queue["Queue"] == {"Fn::GetAtt": ["RosterQueue", "Arn"]}


def test_a_roster_being_made_is_not_handed_out_again() -> None:
    timeout = FUNCTIONS["PublishRosterFunction"]["Timeout"]

    assert RESOURCES["RosterQueue"]["Properties"]["VisibilityTimeout"] >= 6 * timeout


def test_every_schedule_limits_its_repeats() -> None:
    for schedule in SCHEDULES.values():
        assert schedule["RetryPolicy"]["MaximumRetryAttempts"] <= 10
        assert schedule["RetryPolicy"]["MaximumEventAgeInSeconds"] <= 7200


def test_schedules_of_two_stacks_have_different_names() -> None:
    names = [schedule["Name"]["Fn::Sub"] for schedule in SCHEDULES.values()]

    assert all(name.startswith("${AWS::StackName}-") for name in names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("run", "in_jakarta", "in_makassar", "in_jayapura"),
    [
        ("evening", "cron(0 11 * * ? *)", "cron(0 10 * * ? *)", "cron(0 9 * * ? *)"),
        ("morning", "cron(0 22 * * ? *)", "cron(0 21 * * ? *)", "cron(0 20 * * ? *)"),
    ],
)
def test_rosters_are_planned_at_18_00_and_05_00_of_every_zone_that_has_offices(
    run: str, in_jakarta: str, in_makassar: str, in_jayapura: str
) -> None:
    with (ROOT / "infra" / "seed" / "offices.csv").open() as offices:
        zones = {office["timezone"] for office in csv.DictReader(offices)}

    planned = {
        schedule["ScheduleExpressionTimezone"]: in_utc(
            schedule["ScheduleExpression"], schedule["ScheduleExpressionTimezone"]
        )
        for schedule in roster_schedules()
        if json.loads(schedule["Input"])["run"] == run
    }

    assert planned.keys() == zones
    assert planned == {
        "Asia/Jakarta": in_jakarta,
        "Asia/Makassar": in_makassar,
        "Asia/Jayapura": in_jayapura,
    }


def test_each_zones_schedule_says_its_zone_and_instant() -> None:
    for schedule in roster_schedules():
        said = json.loads(schedule["Input"])

        assert said["timezone"] == schedule["ScheduleExpressionTimezone"]
        assert said["scheduled_at"] == "<aws.scheduler.scheduled-time>"


def roster_schedules() -> list[dict[str, Any]]:
    return [each for (function, _), each in SCHEDULES.items() if function == "PlanRostersFunction"]


def test_statistics_are_kept_at_night_in_every_zone() -> None:
    kept = {
        schedule["ScheduleExpressionTimezone"]: json.loads(schedule["Input"])["timezone"]
        for (function, _), schedule in SCHEDULES.items()
        if function == "KeepStatisticsFunction"
    }
    assert kept == {zone: zone for zone in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")}


def test_days_open_once_a_day_and_the_sweeper_runs_every_minute() -> None:
    opening = SCHEDULES["OpenDaysFunction", "Daily"]

    zone = opening["ScheduleExpressionTimezone"]
    assert in_utc(opening["ScheduleExpression"], zone) == "cron(30 17 * * ? *)"
    assert SCHEDULES["SweepFunction", "EveryMinute"]["ScheduleExpression"] == "rate(1 minute)"


def test_a_run_of_the_sweeper_ends_before_the_next_and_is_not_repeated() -> None:
    assert FUNCTIONS["SweepFunction"]["Timeout"] < 60
    assert FUNCTIONS["SweepFunction"]["EventInvokeConfig"]["MaximumRetryAttempts"] == 0


# --- Users ----------------------------------------------------------------------------------------


def test_staff_have_a_second_factor_everywhere_but_on_the_local_stack() -> None:
    pool = RESOURCES["UserPool"]["Properties"]

    assert pool["MfaConfiguration"] == {"Fn::If": ["IsLocal", "OFF", "ON"]}
    assert pool["EnabledMfas"]["Fn::If"][2] == ["SOFTWARE_TOKEN_MFA"]


def test_a_password_alone_signs_in_on_the_local_stack_only() -> None:
    flows = RESOURCES["UserPoolClient"]["Properties"]["ExplicitAuthFlows"]

    assert flows == [
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
        {"Fn::If": ["IsLocal", "ALLOW_USER_PASSWORD_AUTH", {"Ref": "AWS::NoValue"}]},
    ]


def test_nobody_signs_up_alone() -> None:
    pool = RESOURCES["UserPool"]["Properties"]

    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] >= 12


def test_the_sign_in_page_does_not_say_who_has_an_account() -> None:
    client = RESOURCES["UserPoolClient"]["Properties"]

    assert client["PreventUserExistenceErrors"] == "ENABLED"
    assert client["EnableTokenRevocation"] is True
    assert client["IdTokenValidity"] <= 60


# --- What others find it by -----------------------------------------------------------------------


def test_the_outputs_say_where_everything_is() -> None:
    assert {
        "ApiUrl",
        "ApiId",
        "ApiStage",
        "TableName",
        "RosterBucketName",
        "RosterQueueUrl",
        "SecretId",
        "UserPoolId",
        "UserPoolClientId",
    } <= TEMPLATE["Outputs"].keys()
