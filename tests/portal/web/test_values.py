"""Hours as a browser sends them: of this country, once or never on the days on which the clocks change."""

import pytest

from portal.errors import Invalid
from portal.web.values import hour


@pytest.mark.parametrize(
    ("typed", "instant"),
    [
        ("2009-01-20T09:30", "2009-01-20T09:30:00+00:00"),
        ("2009-06-30T09:30", "2009-06-30T08:30:00+00:00"),
        ("2009-03-29T00:59:59", "2009-03-29T00:59:59+00:00"),  # the last second before the clocks go forward
        ("2009-03-29T02:00", "2009-03-29T01:00:00+00:00"),  # and the next one
        ("2009-10-25T00:59:59", "2009-10-24T23:59:59+00:00"),
        ("2009-10-25T01:30", "2009-10-25T00:30:00+00:00"),  # twice that day: the first of the two
        ("2009-10-25T02:00", "2009-10-25T02:00:00+00:00"),
        ("2009-06-30T09:30+00:00", "2009-06-30T09:30:00+00:00"),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Europe/London", "Pacific/Kiritimati"])
def test_an_hour_is_this_countrys_wherever_the_server_stands(
    monkeypatch: pytest.MonkeyPatch, zone: str, typed: str, instant: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    found = hour(typed, "publish_at")
    assert found is not None
    assert found.isoformat() == instant


@pytest.mark.parametrize("typed", ["2009-03-29T01:00", "2009-03-29T01:30", "2009-03-29T01:59:59", "soon", "2009-13-01"])
def test_an_hour_that_there_is_not_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        hour(typed, "publish_at")
