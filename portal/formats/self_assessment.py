"""The self-assessment as it is frozen: canonical JSON of the document, and back."""

import json
from dataclasses import asdict, replace
from typing import Any

from models.rules.terms import Rating, ReviewCategory
from portal.formats.canonical import canonical
from portal.formats.edition import content_hash
from portal.viewmodels.self_assessment import (
    AnnexLine,
    Answer,
    Block,
    Document,
    Listed,
    Piece,
    Promise,
    RiskAction,
    ThemeLine,
)


def content_of(document: Document) -> str:
    """The canonical JSON of a document, of which the hash is taken: it does not hold its own."""
    said = asdict(document)
    del said["hash"]
    return canonical(said)


def digest_of(document: Document) -> str:
    """The hash of what a signature would freeze, whoever signs and when: to see whether it is what was looked at."""
    return content_hash(content_of(replace(document, version=0, signed_on="", signed_by="")))


def document_of(content: str) -> Document:
    """The document that was frozen, with the hash of its content."""
    said: dict[str, Any] = json.loads(content)
    return Document(
        **said
        | {
            "answers": tuple(
                Answer(one["key"], _blocks(one["blocks"]), one["contributors"]) for one in said["answers"]
            ),
            "listed": tuple(_listed(one) for one in said["listed"]),
            "annex": tuple(AnnexLine(**one | _ratings(one) | {"why": tuple(one["why"])}) for one in said["annex"]),
            "themes": tuple(ThemeLine(**one) for one in said["themes"]),
            "commitments": tuple(Promise(**one) for one in said["commitments"]),
            "last_year": tuple(Promise(**one) for one in said["last_year"]),
            "hash": content_hash(content),
        }
    )


def _blocks(said: list[dict[str, Any]]) -> tuple[Block, ...]:
    return tuple(Block(tuple(Piece(**piece) for piece in one["pieces"]), one["item"]) for one in said)


def _listed(said: dict[str, Any]) -> Listed:
    more = {
        "category": ReviewCategory(said["category"]),
        "analysis": _blocks(said["analysis"]),
        "actions": tuple(RiskAction(**one) for one in said["actions"]),
    }
    return Listed(**said | _ratings(said) | more)


def _ratings(said: dict[str, Any]) -> dict[str, Rating | None]:
    return {name: Rating(said[name]) if said[name] else None for name in ("rating", "forecast")}
