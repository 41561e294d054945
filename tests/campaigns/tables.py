"""Writes the tables of the documents that are made of the code and the locks: `make tables`."""

from tests.support.written_tables import MADE, ROOT, with_table


def main() -> None:
    """Put each table between the marks of its document."""
    for name, table in MADE.items():
        path = ROOT / name
        path.write_text(with_table(path.read_text("utf-8"), table()), "utf-8")


if __name__ == "__main__":
    main()
