"""E9010: a queue or a stream calls its function so that nothing is lost and little is repeated."""

from collections.abc import Iterator

from infra.lint import rule
from infra.lint.rule import Fault, Properties, Stack, named

TIMES = 6
"""As AWS advises: a batch may be tried again while the function is throttled."""

FEWEST_TRIES = 10
STREAM_SECONDS = 86_400
"""How long a stream of DynamoDB keeps a record."""


class EventSources(rule.Rule):
    """A batch fails in part, comes again while it is worked on, or is given up unseen."""

    id = "E9010"
    shortdesc = "A queue or stream repeats what failed alone, in time, and gives nothing up unseen"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        queues = dict(stack.of("AWS::SQS::Queue"))
        for name, source in stack.of("AWS::Lambda::EventSourceMapping"):
            if "ReportBatchItemFailures" not in source.get("FunctionResponseTypes", ()):
                yield name, "a batch does not name what failed: all of it comes again"
            queue = queues.get(named(source["EventSourceArn"]))
            found = _stream(stack, source) if queue is None else _queue(stack, source, queue)
            for problem in found:
                yield name, problem


def _queue(stack: Stack, source: Properties, queue: Properties) -> Iterator[str]:
    if "MaximumConcurrency" not in source.get("ScalingConfig", {}):
        yield "no ScalingConfig.MaximumConcurrency: it may take every function of the account"
    functions = dict(stack.of("AWS::Lambda::Function"))
    function = functions.get(named(source["FunctionName"]), {})
    timeout = stack.number(function.get("Timeout"))
    hidden = stack.number(queue.get("VisibilityTimeout"))
    if timeout is not None and (hidden or 0) < TIMES * timeout:
        yield f"the queue's VisibilityTimeout is less than {TIMES} times the function's Timeout"


def _stream(stack: Stack, source: Properties) -> Iterator[str]:
    if source.get("StartingPosition") != "TRIM_HORIZON":
        yield "StartingPosition is not TRIM_HORIZON: records are passed over when it is made again"
    if source.get("BisectBatchOnFunctionError") is not True:
        yield "BisectBatchOnFunctionError is not true: one record gives its whole batch up"
    if not named(source.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")):
        yield "no DestinationConfig.OnFailure: what is given up is gone"
    if (stack.number(source.get("MaximumRetryAttempts")) or 0) < FEWEST_TRIES:
        yield f"fewer than {FEWEST_TRIES} MaximumRetryAttempts"
    age = stack.number(source.get("MaximumRecordAgeInSeconds"))
    if age is None or age >= STREAM_SECONDS:
        yield "MaximumRecordAgeInSeconds is not below a day: the stream forgets it unseen"
