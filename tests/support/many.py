"""Many agreements, organisations and accounts as bare rows: for lists that are to stay short."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert, select

from models.agreement import Agreement, AgreementVersion
from models.people import Organisation, Person
from models.rules.terms import Role
from portal.actor import OPERATOR
from portal.database import Database

THEN = datetime(2008, 4, 1, tzinfo=UTC)


def put_agreements(database: Database, many: int, years: tuple[str, str] = ("2008/09", "2010/11")) -> list[str]:
    """So many agreements more, of the areas Area 001 and so on, the last first, each with its first version; answers
    their keys in the order in which they were put in."""
    names = [f"Area {number:03}" for number in range(many, 0, -1)]
    rows: list[dict[str, Any]] = [
        {
            "key": name.lower().replace(" ", "-"),
            "title": f"{name} Local Area Agreement 2008-11",
            "area": name,
            "first_year": years[0],
            "last_year": years[1],
        }
        for name in names
    ]
    with database.write(OPERATOR) as session:
        session.execute(insert(Agreement), rows)
        keys = [str(row["key"]) for row in rows]
        numbers = session.scalars(select(Agreement.id).where(Agreement.key.in_(keys))).all()
        version = {
            "number": 1,
            "title": "Original",
            "in_force_from": date(2008, 4, 1),
            "reason": "",
            "agreed_by": "All",
        }
        more = {"agreed_on": date(2008, 4, 1), "recorded_at": THEN}
        session.execute(
            insert(AgreementVersion), [{"agreement_id": number, **version, **more} for number in sorted(numbers)]
        )
    return keys


def put_accounts(database: Database, organisations: int, each: int, nobodys: int = 0) -> None:
    """So many organisations more, each with so many leads, and so many of the team, who stand for none; the last by name
    first, and leads of one organisation by turns of the same name."""
    with database.write(OPERATOR) as session:
        keys = [f"partner-{number:04}" for number in range(organisations, 0, -1)]
        session.execute(
            insert(Organisation),
            [{"key": key, "name": key.replace("-", " ").title(), "sector": "", "also_known_as": ""} for key in keys],
        )
        found = dict(session.execute(select(Organisation.key, Organisation.id).where(Organisation.key.in_(keys))).all())
        people = [
            _account(f"lead{number}@{key}.example", f"Lead {number // 2}", Role.LEAD, found[key])
            for key in keys
            for number in range(each)
        ]
        people += [_account(f"team{n}@all.example", f"Team {n:04}", Role.TEAM, None) for n in range(nobodys, 0, -1)]
        session.execute(insert(Person), people)


def _account(email: str, name: str, role: Role, organisation: int | None) -> dict[str, Any]:
    more = {"password_hash": "", "disabled": False, "created_at": THEN, "agreement_id": None}
    return {"email": email, "name": name, "role": role, "organisation_id": organisation, **more}
