from tests.demonstration import database, demo_database, someone

__all__ = ["database", "demo_database", "someone"]
