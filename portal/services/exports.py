"""Taking an agreement out as the files that it could be loaded from."""

from dataclasses import dataclass

from portal.actor import Actor
from portal.database import Database
from portal.formats.agreement_csv.tables import tables_of
from portal.formats.agreement_csv.writing import FileTable
from portal.policy import Action, require
from portal.records.agreement import current_agreement
from portal.records.exporting import agreement_file
from portal.records.exporting_names import exporting
from portal.records.refresh_rows import open_refresh


@dataclass(frozen=True, slots=True)
class Exported:
    """An agreement's files, and the title of the refresh that is proposed and in none of them; '' where none is."""

    title: str
    tables: tuple[FileTable, ...]
    proposed: str


def export_agreement(database: Database, actor: Actor) -> Exported:
    """The files of the agreement that the actor works on, as it stands: whoever may load an agreement may take it out.
    Only verified figures are in them. NotFound where there is no agreement."""
    require(actor, Action.AGREEMENT_CHANGE)
    with database.read(actor) as session:
        agreement = current_agreement(session)
        proposed = open_refresh(session, agreement.id)
        tables = tables_of(agreement_file(exporting(session, agreement)))
        return Exported(agreement.title, tables, proposed.title if proposed else "")
