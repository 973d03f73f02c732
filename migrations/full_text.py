"""The words of items, kept for searching by the database itself, so that no way of writing an item can forget them.

SQLite keeps them in an FTS5 table, PostgreSQL in a column of `item_version`. In both, the code, the title and what is
asked weigh most, what else candidates read comes second, and what only the committee reads last. Accents make no
difference. The English that a translation was made from is left out: it may say what the item says no more.
`question_bank/full_text.py` asks; call ``keep_words`` again after a batch migration that rebuilds `item_version`.
"""

from sqlalchemy.engine import Connection

# What a migration compares with the models leaves these out.
TABLE = "item_words"
COLUMN = "words"
INDEX = "ix_item_version_words"

COLUMNS = "asked, texts, committee"
WRITTEN = "title, content, rationale, reference, notes"

ASKED = """
    (SELECT code FROM item WHERE item.id = {row}.item_id) || ' ' || {row}.title
    || ' ' || coalesce({row}.content ->> 'stem', '') || ' ' || coalesce({row}.content ->> 'prompt', '')
"""
COMMITTEE = "{row}.rationale || ' ' || {row}.reference || ' ' || {row}.notes"

SQLITE_TEXTS = """
    (SELECT group_concat(atom, ' ') FROM json_tree(json_remove({row}.content, '$.translations.es.of'))
     WHERE type = 'text' AND key NOT IN ('id', 'key', 'code', 'marking'))
"""
SQLITE_WORDS = f"{ASKED}, {SQLITE_TEXTS}, {COMMITTEE}"

# Whatever is no letter or number becomes a space, because PostgreSQL reads more into "and/or" or "-42" than words.
# A text is cut where a tsvector could become too long to be stored.
PLAIN_WORDS = r"""
CREATE OR REPLACE FUNCTION plain_words(written text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
    SELECT to_tsvector('simple', regexp_replace(
        normalize(regexp_replace(normalize(left(written, 300000), NFD), '[\u0300-\u036f]', '', 'g'), NFC),
        '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f]+', ' ', 'g'))
$$
"""
POSTGRESQL_TEXTS = """
    (SELECT string_agg(piece #>> '{{}}', ' ') FROM jsonb_path_query(
        {row}.content #- '{{translations,es,of}}',
        '$.** ? (@.type() == "object").keyvalue()
         ? (@.key != "id" && @.key != "key" && @.key != "code" && @.key != "marking"
            && @.value.type() == "string").value') AS piece)
"""
POSTGRESQL_WORDS = f"""
    setweight(plain_words({ASKED}), 'A') || setweight(plain_words(coalesce({POSTGRESQL_TEXTS}, '')), 'B')
    || setweight(plain_words({COMMITTEE}), 'C')
"""
KEEP_WORDS = f"""
CREATE OR REPLACE FUNCTION keep_item_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.words := {POSTGRESQL_WORDS.format(row="NEW")};
    RETURN NEW;
END $$
"""


def keep_words(connection: Connection) -> None:
    """From now on the words of every version can be searched; those of the versions that exist, too."""
    keep = keep_on_sqlite if connection.dialect.name == "sqlite" else keep_on_postgresql
    for statement in keep():
        connection.exec_driver_sql(statement)


def rest_on_sqlite(connection: Connection) -> None:
    """Before a batch migration that rebuilds `item`, which these triggers ask; ``keep_words`` wakes them again."""
    for name in ("item_version_words_insert", "item_version_words_update", "item_version_words_delete"):
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def keep_on_sqlite() -> list[str]:
    new, of_all = SQLITE_WORDS.format(row="NEW"), SQLITE_WORDS.format(row="item_version")
    on = "CREATE TRIGGER item_version_words"
    return [
        "DROP TABLE IF EXISTS item_words",
        f"CREATE VIRTUAL TABLE item_words USING fts5({COLUMNS}, tokenize = 'unicode61 remove_diacritics 2')",
        f"INSERT INTO item_words (rowid, {COLUMNS}) SELECT id, {of_all} FROM item_version",  # noqa: S608 # nosec B608 # our own words
        f"""{on}_insert AFTER INSERT ON item_version
            BEGIN INSERT INTO item_words (rowid, {COLUMNS}) SELECT NEW.id, {new}; END""",
        f"""{on}_update AFTER UPDATE OF {WRITTEN} ON item_version
            BEGIN UPDATE item_words SET ({COLUMNS}) = (SELECT {new}) WHERE rowid = NEW.id; END""",  # noqa: S608 # nosec B608 # as above
        f"{on}_delete AFTER DELETE ON item_version BEGIN DELETE FROM item_words WHERE rowid = OLD.id; END",  # noqa: S608 # nosec B608 # as above
    ]


def keep_on_postgresql() -> list[str]:
    return [
        PLAIN_WORDS,
        KEEP_WORDS,
        "ALTER TABLE item_version ADD COLUMN words tsvector",
        f"""CREATE TRIGGER item_version_words BEFORE INSERT OR UPDATE OF {WRITTEN} ON item_version
            FOR EACH ROW EXECUTE FUNCTION keep_item_words()""",
        f"UPDATE item_version SET words = {POSTGRESQL_WORDS.format(row='item_version')}",  # noqa: S608 # nosec B608 # as above
        f"CREATE INDEX {INDEX} ON item_version USING gin (words)",
    ]
