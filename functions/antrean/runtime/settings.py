"""The functions' settings: one frozen object, read from the environment when first used."""

import os
from dataclasses import dataclass

from antrean.runtime.registry import once

RETENTION_DAYS = 90
"""After the service date, unless the deployment says otherwise: as the template's default."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where this deployment keeps its things."""

    table_name: str
    roster_bucket: str
    roster_queue_url: str
    secret_id: str
    public_origin: str
    move_queue_url: str
    publish_function: str
    signing_key_id: str
    user_pool_id: str
    import_bucket: str
    import_queue_url: str
    retention_days: int
    message_queue_url: str
    email_on: bool
    mail_from: str
    mail_configuration_set: str
    sms_on: bool
    sms_sender_id: str


@once
def settings() -> Settings:
    """Return the settings of this process.

    A function that does not use a setting need not have it in its environment: what is absent
    is the empty text, and fails where it is used.
    """
    env = os.environ
    return Settings(
        table_name=env["TABLE_NAME"],
        roster_bucket=env.get("ROSTER_BUCKET", ""),
        roster_queue_url=env.get("ROSTER_QUEUE_URL", ""),
        secret_id=env.get("SECRET_ID", ""),
        move_queue_url=env.get("MOVE_QUEUE_URL", ""),
        public_origin=env.get("PUBLIC_ORIGIN", "").rstrip("/"),
        publish_function=env.get("PUBLISH_FUNCTION", ""),
        signing_key_id=env.get("SIGNING_KEY_ID", ""),
        user_pool_id=env.get("USER_POOL_ID", ""),
        import_bucket=env.get("IMPORT_BUCKET", ""),
        import_queue_url=env.get("IMPORT_QUEUE_URL", ""),
        retention_days=int(env.get("RETENTION_DAYS", RETENTION_DAYS)),
        message_queue_url=env.get("MESSAGE_QUEUE_URL", ""),
        email_on=env.get("EMAIL") == "on",
        mail_from=env.get("MAIL_FROM", ""),
        mail_configuration_set=env.get("MAIL_CONFIGURATION_SET", ""),
        sms_on=env.get("SMS") == "on",
        sms_sender_id=env.get("SMS_SENDER_ID", ""),
    )
