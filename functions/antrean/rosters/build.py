"""A roster in every format."""

from antrean.rosters.as_csv import as_csv
from antrean.rosters.as_json import as_json
from antrean.rosters.as_pdf import as_pdf
from antrean.rosters.as_xlsx import as_xlsx
from antrean.rosters.formats import Format
from antrean.rosters.roster import Roster


def build(roster: Roster) -> dict[Format, bytes]:
    """Return the files of a roster; the same roster gives the same bytes."""
    return {
        Format.CSV: as_csv(roster),
        Format.JSON: as_json(roster),
        Format.XLSX: as_xlsx(roster),
        Format.PDF: as_pdf(roster),
    }
