"""The audit trail as a file."""

import csv
from collections.abc import Callable
from io import StringIO

from flask import Flask
from flask.testing import FlaskClient

from portal import audit
from portal.actor import OPERATOR
from portal.database import Database


def test_the_file_is_what_is_found_and_holds_no_formula(
    app: Flask, client_of: Callable[[str | None], FlaskClient]
) -> None:
    database: Database = app.extensions["portal"]["database"]
    with database.write(OPERATOR) as session:
        audit.record(session, "test:do", "return NI 16", after={"value": "1.10"}, reason="=HYPERLINK(1)")
        audit.record(session, "test:do", "return NI 165")
    answer = client_of("team").get("/audit.csv?text=NI+16")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(StringIO(answer.text)))
    own = [row for row in rows if row["action"] == "test:do"]
    assert [(row["subject"], row["recorded"], row["reason"]) for row in own] == [
        ("return NI 16", "figure 1.10", "'=HYPERLINK(1)")
    ]
    assert client_of("team").get("/audit.csv?from=nonsense").status_code == 422
    assert client_of("team").get("/audit?from=nonsense").status_code == 422
    assert client_of("team").get("/audit.csv?to=9999-12-31").status_code == 200
