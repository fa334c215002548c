"""Batches of records: each is handled on its own, and what failed is named, so that it comes again.

A failure is logged by its kind and where it happened, never by its text: that may quote a person.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from aws_lambda_powertools.logging import Logger

from antrean.runtime.logged import error_facts

logger = Logger()
type Failures = dict[str, list[dict[str, str]]]
"""What Lambda is told of a batch: `batchItemFailures`."""
type Record = Mapping[str, Any]


class ComesAgain(Exception):
    """A message is not done and is to come again; the handler has said why, if there is more."""


def _no_facts(_body: str) -> Mapping[str, object]:
    return {}


def each_message(
    event: Mapping[str, Any],
    handle: Callable[[str], None],
    failure: str,
    facts: Callable[[str], Mapping[str, object]] = _no_facts,
) -> Failures:
    """Handle each message of a queue's batch, by its body, and name those that fail.

    One that fails stops no other. It is logged as `failure`, with the `facts` of its body that
    name nobody; not when `handle` raises `ComesAgain`.
    """
    failed = []
    for record in event["Records"]:
        try:
            handle(record["body"])
        except ComesAgain:
            failed.append(record["messageId"])
        except Exception as error:  # noqa: BLE001 - the other messages go on
            logger.error(failure, extra={**facts(record["body"]), **error_facts(error)})
            failed.append(record["messageId"])
    return _named(failed)


def stream_records(event: Mapping[str, Any]) -> Iterator[tuple[str, Record]]:
    """Yield the records of a batch of the table's stream in order, each with its number."""
    for record in event["Records"]:
        yield record["dynamodb"]["SequenceNumber"], record


def until_one_fails[T](
    numbered: Iterable[tuple[str, T]], handle: Callable[[T], None], failure: str
) -> str | None:
    """Handle things in order and return the number of the first that fails, None if none does.

    Those after it are left: the stream hands over again from there on.
    """
    for number, thing in numbered:
        try:
            handle(thing)
        except Exception as error:  # noqa: BLE001 - those before it are done
            logger.error(failure, extra=error_facts(error))
            return number
    return None


def from_there_on(number: str | None) -> Failures:
    """Return the answer by which a stream hands over again from a record on, or goes on."""
    return _named([] if number is None else [number])


def _named(identifiers: Iterable[str]) -> Failures:
    return {"batchItemFailures": [{"itemIdentifier": each} for each in identifiers]}
