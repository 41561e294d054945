"""The demonstration's accounts by their roles: who stands for a role in every test that tries all of them."""

from models.rules.terms import Role

ACCOUNTS = {
    Role.EXECUTIVE: "executive",
    Role.LEAD: "police",
    Role.TEAM: "team",
    Role.REVIEWER: "reviewer",
    Role.ADMIN: "admin",
    Role.CONTRIBUTOR: "police.contributor",
}
"""One of each role; when one is enough to look at a page, the first who may is who looks."""
