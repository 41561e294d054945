"""The records of the partnership: reading and writing them inside the one transaction of a use case."""
