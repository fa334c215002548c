"""Schedule expressions in UTC: ministack drops a schedule's time zone and fires in UTC."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

_DAILY = re.compile(r"cron\((\d{1,2}) (\d{1,2}) (\S+ \S+ \S+ \S+)\)")
_EVERY_DAY = {"* * ? *", "? * * *"}
_DAY = 24 * 60


def in_utc(expression: str, zone: str) -> str:
    """Return the expression that fires in UTC when `expression` fires in `zone` (an IANA name).

    Only what the template uses is known: rates, and crons of one fixed time of every day, in a
    zone without daylight saving. Raises ValueError for anything else, so that a new kind of
    schedule is not quietly run at the wrong hour.

    >>> in_utc("cron(30 0 * * ? *)", "Asia/Jakarta")
    'cron(30 17 * * ? *)'
    """
    if expression.startswith("rate(") or zone == "UTC":
        return expression
    found = _DAILY.fullmatch(expression)
    if found is None or found[3] not in _EVERY_DAY:
        raise ValueError(f"{expression} is not one fixed time of every day")
    winter, summer = (datetime(2026, month, 1, tzinfo=ZoneInfo(zone)) for month in (1, 7))
    shift = winter.utcoffset()
    if shift is None or shift != summer.utcoffset():
        raise ValueError(f"{zone} has daylight saving")
    minutes = int(found[1]) + 60 * int(found[2]) - int(shift.total_seconds()) // 60
    hour, minute = divmod(minutes % _DAY, 60)
    return f"cron({minute} {hour} {found[3]})"
