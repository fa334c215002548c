"""The engine of the race tests is what they take it for."""

from concurrent.futures import ThreadPoolExecutor

from tests.engines.dynamodb_local import DynamoDBLocal


def test_a_conditional_write_is_won_by_exactly_one_of_many(
    dynamodb: DynamoDBLocal, dynamodb_table: str
) -> None:
    client = dynamodb.client()

    def attempt(number: int) -> bool:
        try:
            client.put_item(
                TableName=dynamodb_table,
                Item={"pk": {"S": "one"}, "sk": {"S": "place"}, "number": {"N": str(number)}},
                ConditionExpression="attribute_not_exists(pk)",
            )
        except client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    with ThreadPoolExecutor(20) as clients:
        assert sum(clients.map(attempt, range(200))) == 1
