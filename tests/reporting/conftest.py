from tests.demonstration import database, demo_config, demo_database, someone

__all__ = ["database", "demo_config", "demo_database", "someone"]
