"""When a shop is open: one span of hours a day, from Monday to Sunday, or one for every day. No clock: the time is
given.

    "09:00-20:00"    "18:00-02:00" over midnight    "closed"
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from assets.errors import InputRefused

CLOSED = "closed"
_SPAN = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_DAY = 24 * 60


def check(hours: Sequence[str]) -> None:
    """Raises InputRefused for what are no hours."""
    if len(hours) not in (0, 1, 7):
        raise InputRefused("hours are one span for every day, or seven from Monday to Sunday")
    for span in hours:
        if span != CLOSED:
            _minutes(span)


def is_open(hours: Sequence[str], now: datetime) -> bool:
    """Whether the shop is open; always where no hours are told."""
    if not hours:
        return True
    minute = 60 * now.hour + now.minute
    start, end = _of(hours, now)
    _, late = _of(hours, now - timedelta(days=1))
    return start <= minute < end or minute < late - _DAY


def opens(hours: Sequence[str], now: datetime) -> datetime | None:
    """When it opens next; None where it never does."""
    for ahead in range(9):
        day = now + timedelta(days=ahead)
        start, end = _of(hours, day)
        at = day.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(minutes=start)
        if end > start and at > now:
            return at
    return None


def _of(hours: Sequence[str], day: datetime) -> tuple[int, int]:
    """The minutes of a day from which to which it is open; beyond its end where that is after midnight."""
    span = hours[day.weekday() % len(hours)]
    return (0, 0) if span == CLOSED else _minutes(span)


def _minutes(span: str) -> tuple[int, int]:
    told = _SPAN.fullmatch(span)
    if told is None:
        raise InputRefused(f"hours are written 09:00-20:00 or {CLOSED}, not {span!r}")
    start, end = (60 * int(told[k]) + int(told[k + 1]) for k in (1, 3))
    if start >= _DAY or end > _DAY or start == end:
        raise InputRefused(f"hours from {span} are none")
    return start, end if end > start else end + _DAY
