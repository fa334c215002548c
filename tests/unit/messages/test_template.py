"""What the messages rest on in template.yaml: times that fit into one another, and no addresses."""

import json
from fnmatch import fnmatch
from typing import Any

import pytest

from antrean.handlers.receive_receipts import ENDS, TAKEN
from antrean.handlers.send_message import SECONDS
from antrean.messages.email_ses import TAG
from antrean.store.items.message import LEASE
from infra.build.zips import ROOT
from infra.local.schedules import in_utc
from infra.local.template import read

TEMPLATE = read(ROOT / "template.yaml")
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]
RULES = ("MailTakenRule", "MailBouncedRule", "MailComplainedRule")


def of(name: str) -> Any:
    return RESOURCES[name]["Properties"]


def test_a_lease_outlives_who_sends_and_the_queue_outlives_the_lease() -> None:
    queue, sender = of("MessageQueue"), of("SendMessagesFunction")

    assert sender["Timeout"] > SECONDS + 25, "a message begun at the last second"
    assert sender["Timeout"] < LEASE
    assert queue["VisibilityTimeout"] >= 6 * sender["Timeout"]
    handed_over = queue["RedrivePolicy"]["maxReceiveCount"] * queue["VisibilityTimeout"]
    assert handed_over >= 2 * 3600 > 2 * LEASE


@pytest.mark.parametrize("function", ["SendMessagesFunction", "MessageReceiptsFunction"])
def test_a_batch_names_what_failed(function: str) -> None:
    source = of(function)["Events"]["Queue"]["Properties"]

    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert "MaximumConcurrency" in source["ScalingConfig"]


def test_the_stream_gives_bookings_alone_and_gives_none_up_unseen() -> None:
    source = of("MessageStreamFunction")["Events"]["Bookings"]["Properties"]
    (wanted,) = source["FilterCriteria"]["Filters"]

    assert of("Table")["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert json.loads(wanted["Pattern"]) == {
        "eventName": ["INSERT", "MODIFY"],
        "dynamodb": {
            "Keys": {"pk": {"S": [{"prefix": "BOOKING#"}]}, "sk": {"S": ["BOOKING"]}},
            "NewImage": {"status": {"S": ["booked"]}},
        },
    }
    assert source["StartingPosition"] == "TRIM_HORIZON"
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["BisectBatchOnFunctionError"] is True
    assert source["DestinationConfig"]["OnFailure"]["Destination"] == {
        "Fn::GetAtt": ["MessageStreamDeadLetterQueue", "Arn"]
    }


@pytest.mark.parametrize("name", RULES)
def test_a_receipt_holds_what_happened_and_our_tag_alone(name: str) -> None:
    (target,) = of(name)["Targets"]
    paths = target["InputTransformer"]["InputPathsMap"]

    assert paths == {"message": f"$.detail.mail.tags.{TAG}"}
    told = json.loads(target["InputTransformer"]["InputTemplate"].replace("<message>", '["a"]'))
    assert told.keys() == {"what", "message"}
    assert told["what"] in {TAKEN, *ENDS}


def test_every_event_that_ses_tells_has_its_rule_and_only_lasting_bounces_count() -> None:
    told = of("MailEvents")["EventDestination"]["MatchingEventTypes"]
    patterns = [of(name)["EventPattern"]["detail"] for name in RULES]

    assert {kind.upper() for each in patterns for kind in each["eventType"]} == {*told}
    assert patterns[1]["bounce"] == {"bounceType": ["Permanent"]}
    for each in patterns:
        assert each["mail"]["tags"] == {"ses:configuration-set": [{"Ref": "MailConfigurationSet"}]}


def test_ses_suppresses_by_itself_too() -> None:
    suppression = of("MailConfigurationSet")["SuppressionOptions"]

    assert suppression == {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]}


def test_sms_is_off_unless_it_is_switched_on() -> None:
    assert TEMPLATE["Parameters"]["SmsMessages"]["Default"] == "off"


def test_reminders_are_asked_for_at_17_00_of_every_zone_before_the_roster() -> None:
    events = [each["Properties"] for each in of("RemindFunction")["Events"].values()]
    planned = {
        each["ScheduleExpressionTimezone"]: in_utc(
            each["ScheduleExpression"], each["ScheduleExpressionTimezone"]
        )
        for each in events
    }

    assert planned == {
        "Asia/Jakarta": "cron(0 10 * * ? *)",
        "Asia/Makassar": "cron(0 9 * * ? *)",
        "Asia/Jayapura": "cron(0 8 * * ? *)",
    }
    for each in events:
        said = json.loads(each["Input"])
        assert said["timezone"] == each["ScheduleExpressionTimezone"]
        assert said["scheduled_at"] == "<aws.scheduler.scheduled-time>"


def test_mail_comes_from_the_identity_that_is_proven() -> None:
    parameters = TEMPLATE["Parameters"]

    sender = parameters["MailFrom"]["Default"]
    assert fnmatch(sender, f"*@{parameters['MailIdentity']['Default']}>")
