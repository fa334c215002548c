"""The in-memory model behind PynamoDB, as the store will have it."""

from collections.abc import Iterator

import pytest
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.connection import TableConnection
from pynamodb.connection.base import MetaTable
from pynamodb.exceptions import PutError, TransactWriteError, UpdateError
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from tests.engines.memory.client import MemoryDynamoDB

TABLE = "a-table"


class Counter(Model):
    class Meta:
        table_name = TABLE

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    left = NumberAttribute(default=0)


@pytest.fixture
def model() -> Iterator[MemoryDynamoDB]:
    """The model, with PynamoDB's connection made to use it."""
    client = MemoryDynamoDB((TABLE,))
    schema = Counter._get_schema()
    meta = MetaTable(
        {
            "TableName": TABLE,
            "KeySchema": schema["key_schema"],
            "AttributeDefinitions": schema["attribute_definitions"],
        }
    )
    Counter._connection = TableConnection(TABLE, meta_table=meta)
    Counter._connection.connection._client = client  # type: ignore[assignment]
    yield client
    Counter._connection = None


def test_pynamodb_writes_and_reads_through_the_model(model: MemoryDynamoDB) -> None:
    Counter("c", "1", left=3).save()
    counter = Counter.get("c", "1", consistent_read=True)
    counter.update([Counter.left.set(Counter.left - 1)], condition=Counter.left >= 1)
    assert [item.left for item in Counter.query("c")] == [2]
    assert [call.operation for call in model.log] == ["PutItem", "GetItem", "UpdateItem", "Query"]


def test_pynamodb_sees_a_refused_condition_as_its_own_error(model: MemoryDynamoDB) -> None:
    counter = Counter("c", "1", left=0)
    counter.save(Counter.pk.does_not_exist())
    with pytest.raises(PutError) as put:
        counter.save(Counter.pk.does_not_exist())
    with pytest.raises(UpdateError) as update:
        counter.update([Counter.left.add(-1)], condition=Counter.left >= 1)
    codes = [error.value.cause_response_code for error in (put, update)]
    assert codes == ["ConditionalCheckFailedException"] * 2


def test_pynamodb_names_the_reasons_of_a_cancelled_transaction(model: MemoryDynamoDB) -> None:
    Counter("c", "1", left=7).save()
    writing = TransactWrite(connection=Counter._get_connection().connection)
    writing.save(Counter("c", "2"))
    writing.save(Counter("c", "1"), Counter.pk.does_not_exist(), return_values="ALL_OLD")
    with pytest.raises(TransactWriteError) as error:
        writing._commit()
    reasons = error.value.cancellation_reasons
    assert [reason and reason.code for reason in reasons] == [None, "ConditionalCheckFailed"]
    assert reasons[1] is not None
    assert reasons[1].raw_item == {"pk": {"S": "c"}, "sk": {"S": "1"}, "left": {"N": "7"}}
    assert [item.sk for item in Counter.query("c")] == ["1"]
