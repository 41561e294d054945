"""The words of the workbook that sets up an agreement: its first steps, and the table of its columns."""

READ_ME = (
    "An agreement has a sheet for each kind of thing in it. This workbook is what the command portal load reads; nothing is "
    "loaded before all of it is in order, and every mistake is told with its sheet, row and column.",
    "1. Fill in these sheets first, in this order: agreement, themes, organisations, indicators, indicator_partners, "
    "measures, targets. Everything else may stay empty or be deleted.",
    "2. One row is one thing. Leave the first row of each sheet as it is: it names the columns. They may stand in any order.",
    "3. Choose a cell to be told what belongs into it. The sheet Columns has all of it, with the words that a column takes.",
    "4. Codes of indicators are national or local ones, such as NI 16 and LI 5, or a word for a local one, such as LI EL. "
    "An indicator that is counted in parts has measures such as NI 120(i) and NI 120(ii).",
    "5. Keys of themes and organisations are small letters, digits and hyphens, such as safer or youth-service.",
    "6. A financial year is written 2008/09, its periods 2008/09 Q3, 2008/09 H2 or 2008/09 Oct. Cells for them are text: a "
    "spreadsheet would otherwise make a date of them.",
    "7. A day is written 2009-03-31, or may be a date of the spreadsheet. A figure is a plain number, with the decimals "
    "that you want to see: 10.0 stays 10.0. Put values, not formulas.",
    "8. Sheets with a period or years in their names, such as those that begin with returns_, are for that period: copy one "
    "and name it after another period to say more. Small letters, with _ between the parts: returns_2008_09_q2.",
    "9. Figures from before the agreement go into historic_figures, as many rows as there are.",
    "10. When you are ready: portal load, and the path of this file. Put right what it tells you, and load again; what was "
    "loaded already is never changed by a load.",
)
DESCRIBED = (("Sheet", 28), ("Column", 26), ("Column needed", 12), ("What it says", 90), ("Words that it takes", 44))
"""The columns of the table of columns, with how wide they are."""
ANY = "any"
OTHER_WORD = "Another word is needed"
CHOOSE = "Choose one of the words that are offered, or leave the cell empty."
TEMPLATE = "An agreement to fill in"
EXAMPLE = "An example agreement, of an invented place"
