"""Opening a store: SQLite in WAL mode, SQLite in memory, or PostgreSQL; migrations bring it to this code's schema."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from adverts.errors import StopRun

MIGRATIONS: Final = Path(__file__).resolve().parents[2] / "migrations"
_BUSY_SECONDS: Final = 30
_DISK_FULL: Final = "53100"  # PostgreSQL's code


class Store:
    """A store that is at this code's schema. `begin` gives a transaction, `connect` a reading connection."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self._writing = engine.execution_options(asw_writes=True)
        # SQLite's readers see one state from their first statement on; PostgreSQL's do when they are told to.
        at_once = {"isolation_level": "REPEATABLE READ"} if self.dialect == "postgresql" else {}
        self._reading = engine.execution_options(**at_once)

    @property
    def dialect(self) -> str:
        """Return `sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """Yield a connection whose work is committed at the end, or undone when an exception leaves the block."""
        with self._writing.begin() as connection:
            yield connection

    @contextmanager
    def connect(self) -> Iterator[sa.Connection]:
        """Yield a connection for reading, whose statements all see one state of the store."""
        with self._reading.connect() as connection:
            yield connection

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def open_store(url: str | None, *, create: bool = True) -> Store:
    """Return the store at `url`, or a new one in memory for None.

    An empty database is brought to the newest schema when `create` is set. StopRun when the address is wrong, the
    server is down, the schema is older (`asw db upgrade` mends it) or newer than this code.
    """
    engine = _make_engine(url)
    try:
        with engine.connect() as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
            is_empty = not sa.inspect(connection).get_table_names()
    except sa.exc.DBAPIError as error:
        raise StopRun(
            f"The store {engine.url!r} cannot be opened: {error.orig}. Check ASW_DATABASE and that the server runs."
        ) from error
    if is_empty and create:
        upgrade_store(engine)
    else:
        _check_revision(engine, revision)
    return Store(engine)


def upgrade_store(engine: sa.Engine) -> str:
    """Bring the schema to this code's revision and return that; data is kept."""
    config = _alembic_config()
    with engine.begin() as connection:
        _check_known(engine, MigrationContext.configure(connection).get_current_revision())
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return head_revision()


def upgrade_url(url: str) -> str:
    """Bring the store at `url` to this code's revision and return that."""
    engine = _make_engine(url)
    try:
        return upgrade_store(engine)
    finally:
        engine.dispose()


def head_revision() -> str:
    """Return the revision that this code writes."""
    head = ScriptDirectory.from_config(_alembic_config()).get_current_head()
    assert head is not None
    return head


def _alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def _check_revision(engine: sa.Engine, revision: str | None) -> None:
    _check_known(engine, revision)
    if revision != head_revision():
        raise StopRun(
            f"The store {engine.url!r} has the older schema {revision or 'none'}; this program writes "
            f"{head_revision()}. Back it up, then run: asw db upgrade"
        )


def _check_known(engine: sa.Engine, revision: str | None) -> None:
    if revision is None:
        return
    try:
        ScriptDirectory.from_config(_alembic_config()).get_revision(revision)
    except CommandError as error:
        raise StopRun(
            f"The store {engine.url!r} was written by a newer version of asw (schema {revision}); nothing was "
            "changed. Install that version, or point ASW_DATABASE or ASW_HOME at another store."
        ) from error


def _make_engine(url: str | None) -> sa.Engine:
    """Return an engine whose errors tell no values: they are people's numbers and texts."""
    if url is None:
        engine = sa.create_engine(
            "sqlite://",
            poolclass=sa.StaticPool,
            connect_args={"check_same_thread": False},
            json_serializer=encode_json,
            hide_parameters=True,
        )
    else:
        try:
            parsed = sa.make_url(url)
        except sa.exc.ArgumentError as error:
            raise StopRun("ASW_DATABASE is not a database URL. See docs/settings.md.", code=2) from error
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() not in ("sqlite", "postgresql"):
            raise StopRun(f"The store speaks SQLite and PostgreSQL, not {parsed.get_backend_name()}.", code=2)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(parsed, json_serializer=encode_json, hide_parameters=True)
    sa.event.listen(engine, "handle_error", _translate_full_disk)
    sa.event.listen(engine, "handle_error", _hide_details)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def encode_json(value: Any) -> str:
    """Return a value as the store writes it into a JSON column."""
    return msgspec.json.encode(value).decode()


def _translate_full_disk(context: sa.engine.ExceptionContext) -> OSError | None:
    """Let a full disk be the OSError that it is in every other part; callers need no name of a database's errors."""
    error = context.original_exception
    if "disk is full" in str(error) or getattr(error, "sqlstate", None) == _DISK_FULL:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return None


def _hide_details(context: sa.engine.ExceptionContext) -> None:
    """Take the failing row out of what PostgreSQL says."""
    error = context.original_exception
    if (said := getattr(error, "diag", None)) and said.message_primary:
        error.args = (said.message_primary,)
        if context.sqlalchemy_exception is not None:
            context.sqlalchemy_exception.args = error.args


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late for a consistent read
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "cache_size=-65536",  # 64 MB: of 2 MB, the usual, a large store's indexes are read anew for nearly every row
        f"busy_timeout={_BUSY_SECONDS}000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    """Take the write lock at once where there will be writes: a reader that turns writer is refused without waiting."""
    writes = connection.get_execution_options().get("asw_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
