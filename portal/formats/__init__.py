"""Reading what comes in and writing what goes out: figures, answers, an agreement as CSV files."""
