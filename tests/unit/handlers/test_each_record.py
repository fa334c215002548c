"""Batches of records: what failed is named, stops no other where it need not, and is not quoted."""

from collections.abc import Mapping

import pytest

from antrean.handlers.each_record import (
    ComesAgain,
    each_message,
    from_there_on,
    stream_records,
    until_one_fails,
)
from tests.support import logs

NAME = "Siti Rahayu"


def messages(*bodies: str) -> dict[str, object]:
    records = [{"messageId": f"m{number}", "body": body} for number, body in enumerate(bodies)]
    return {"Records": records}


def failed(*identifiers: str) -> dict[str, list[dict[str, str]]]:
    return {"batchItemFailures": [{"itemIdentifier": each} for each in identifiers]}


class Handled:
    """A handler that keeps what it was given and fails at what it is told to."""

    def __init__(self, *fails: str, by: type[Exception] = ValueError) -> None:
        self.fails, self.by, self.seen = fails, by, list[str]()

    def __call__(self, thing: str) -> None:
        self.seen.append(thing)
        if thing in self.fails:
            raise self.by(f"{NAME} is not valid")


def test_a_message_that_fails_is_named_and_stops_no_other() -> None:
    handle = Handled("b", "d")

    answer = each_message(messages("a", "b", "c", "d", "e"), handle, "not done")

    assert handle.seen == ["a", "b", "c", "d", "e"]
    assert answer == failed("m1", "m3")


def test_an_empty_batch_and_one_that_is_done_name_nothing() -> None:
    assert each_message(messages(), Handled(), "not done") == failed()
    assert each_message(messages("a", "b"), Handled(), "not done") == failed()


def test_the_log_says_what_failed_with_its_facts_and_without_its_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def facts(body: str) -> Mapping[str, object]:
        return {"office_id": f"office of {body}"}

    each_message(messages("a", "b"), Handled("b"), "not done", facts)

    (line,) = logs.lines(caplog)
    assert (line["level"], line["message"]) == ("ERROR", "not done")
    assert (line["office_id"], line["error"]) == ("office of b", "ValueError")
    assert NAME not in logs.text(caplog)


def test_a_message_that_comes_again_by_its_handlers_word_is_not_logged_twice(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = each_message(messages("a", "b"), Handled("a", by=ComesAgain), "not done")

    assert answer == failed("m0")
    assert logs.lines(caplog) == []


def test_of_a_stream_what_follows_a_failure_is_left_for_the_next_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    handle = Handled("b")

    number = until_one_fails([("1", "a"), ("2", "b"), ("3", "c")], handle, "not done")

    assert number == "2"
    assert handle.seen == ["a", "b"]
    assert from_there_on(number) == failed("2")
    (line,) = logs.lines(caplog)
    assert (line["message"], line["error"]) == ("not done", "ValueError")
    assert NAME not in logs.text(caplog)


def test_a_stream_that_is_done_names_nothing() -> None:
    assert until_one_fails([("1", "a")], Handled(), "not done") is None
    assert from_there_on(None) == failed()


def test_a_record_of_the_stream_has_its_number() -> None:
    records = [{"dynamodb": {"SequenceNumber": number}} for number in ("7", "9")]

    assert list(stream_records({"Records": records})) == [("7", records[0]), ("9", records[1])]
