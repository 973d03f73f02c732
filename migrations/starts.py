"""Starting a part, as the database keeps it: the registration has started with it, and one not in force never does.

The rule stands here, too, because a registration may be withdrawn in the very moment in which a part is started: only
the write itself sees what is true then. A test holds this and the models together. Call ``keep_starts`` again after a
batch migration that rebuilds `attempt_part`.
"""

from sqlalchemy.engine import Connection

REFUSAL = "a part is started only of a registration in force"
STARTED = """
    UPDATE registration SET started_at = coalesce(started_at, NEW.started_at)
    WHERE id = (SELECT registration_id FROM attempt WHERE id = NEW.attempt_id)
        AND withdrawn_at IS NULL AND voided_at IS NULL
"""

ON_SQLITE = f"""
CREATE TRIGGER attempt_part_starts AFTER INSERT ON attempt_part BEGIN
    {STARTED};
    SELECT RAISE(ABORT, '{REFUSAL}') WHERE changes() = 0;
END
"""

ON_POSTGRESQL = (
    f"""
CREATE OR REPLACE FUNCTION start_registration() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {STARTED};
    IF NOT FOUND THEN
        RAISE EXCEPTION USING MESSAGE = '{REFUSAL}', ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$
""",
    """
CREATE TRIGGER attempt_part_starts AFTER INSERT ON attempt_part FOR EACH ROW EXECUTE FUNCTION start_registration()
""",
)


def keep_starts(connection: Connection) -> None:
    for statement in [ON_SQLITE] if connection.dialect.name == "sqlite" else ON_POSTGRESQL:
        connection.exec_driver_sql(statement)
