"""More kinds of items: multiple response, true or false, matching, short text."""

from alembic import op

from migrations import full_text
from migrations.checks import widen

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KINDS = ("single_best_answer", "multiple_response", "true_false", "matching", "short_text", "essay")


def upgrade() -> None:
    connection = op.get_bind()
    on_sqlite = connection.dialect.name == "sqlite"
    if on_sqlite:
        full_text.rest_on_sqlite(connection)
    widen("item", "itemkind", "kind", KINDS)
    if on_sqlite:
        full_text.keep_words(connection)
    else:
        # How an item is marked is no word of it.
        connection.exec_driver_sql(full_text.KEEP_WORDS)
