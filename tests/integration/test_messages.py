"""The functions of messages against moto: what they call, template.yaml lets them call."""

import json

from antrean.booking.book import book
from antrean.domain.tickets import Contact
from antrean.handlers import receive_receipts, remind
from antrean.store.items.message import MessageRef, MessageState, state_of
from tests.support.gateway import Context
from tests.support.people import PHONE, a_request
from tests.support.providers import batch, providers, sent
from tests.support.worlds import World, deadline

EMAIL = "siti.aminah@example.com"


def test_a_reminder_from_the_evening_to_the_receipt(cold_world: World) -> None:
    cold_world.has_office(open_days=3)
    code = book(a_request(1, contact=Contact(PHONE, EMAIL)), deadline()).booking.code
    with providers() as (provider, queue):
        remind.handler({"timezone": "Asia/Jakarta"}, Context())
        assert [json.loads(body)["code"] for body in queue.bodies] == [code]
        assert sent(*queue.bodies) == []

        told = batch({"what": "bounced", "message": provider.tags()})
        assert receive_receipts.handler(told, Context()) == {"batchItemFailures": []}
        confirmation = json.dumps({"code": code, "kind": "confirmation", "version": 1})
        assert sent(confirmation) == []
        assert len(provider.taken) == 1

    states = {
        about: state_of(MessageRef(code, kind, about, "email"), deadline())
        for kind, about in (("reminder", "2026-11-24"), ("confirmation", "1"))
    }
    assert states == {"2026-11-24": MessageState.SENT, "1": MessageState.SUPPRESSED}
