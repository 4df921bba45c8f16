"""The organisms that serve a person, from the tables, held in memory.

A directory of six hundred organisms is read once (about 50 ms) and looked up in microseconds; it is read
again when
the tables have changed, which is asked at most once a minute.
"""

import datetime as dt
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import Connection, Engine, create_engine, func, inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from bot.database import Base, sync_engine
from bot.directory import wording
from bot.directory.contact import LINKS, Contact, Entry, Value, contact_of
from bot.directory.gazetteer import fold, gazetteer, without_article
from bot.directory.importer import import_files
from bot.directory.models import ORIGINS, TABLES, Change, DataImport, Field, Organism
from bot.directory.needs import OCCUPATIONAL_HEALTH, stand_ins

__all__ = ["Contact", "Directory"]

NATIONAL = "FR"
MOST_OF_A_TYPE = 3
"""Organisms of one type shown for one person: more would not be a help."""
SECONDS_BETWEEN_CHECKS = 60.0
OF_THE_INSURED = frozenset({"cpam", "carsat", "cramif"})
"""Types whose national line, 36 46, is that of insured people: employers have their own (scope `employer`), or none."""
INSURED_LINE = "3646"
LINES = {"cramif": "carsat"}
"""Types whose national line is another type's: the social service answers at 36 46 in Île-de-France too."""


def memory_engine() -> Engine:
    """A database in memory, filled from the project's files: for tests, and where our tables are not made
    yet."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    Base.metadata.create_all(engine, tables=TABLES)  # type: ignore[arg-type]
    import_files(engine)
    return engine


class Directory:
    """Build with `Directory.load`; ask with `contacts`."""

    def __init__(
        self, entries: Iterable[Entry], engine: Engine | None = None, version: object = None
    ) -> None:
        """Index entries. `engine`: where to look for changes, None for never."""
        self._engine = engine
        self._version = version
        self._checked = time.monotonic()
        self._index(entries)

    def _index(self, entries: Iterable[Entry]) -> None:
        self._entries: dict[str, Entry] = {}
        self._by_area: dict[tuple[str, str], list[Entry]] = {}
        for entry in entries:
            self._entries[entry.id] = entry
            for department in entry.departments:
                self._by_area.setdefault((entry.type, department), []).append(entry)

    @classmethod
    def load(cls, source: str | Session | Engine | None = None) -> "Directory":
        """Read the directory from a database: its URL, a session or an engine. None: from the project's files
        alone.

        From a URL or an engine, the project's files are imported first when they changed. Where Alembic has
        not made
        our tables yet, the files are read in memory instead. Raises DataError when a file cannot be used.
        """
        if isinstance(source, Session):
            connection = source.connection()
            return cls(read_entries(connection))
        engine = sync_engine(source) if isinstance(source, str) else source
        if engine is None or not inspect(engine).has_table(Organism.__tablename__):
            engine = memory_engine()
        else:
            import_files(engine)
        with engine.connect() as connection:
            return cls(read_entries(connection), engine, version_of(connection))

    def reload_if_changed(self) -> bool:
        """Read the tables again if an import or an edit was made since; True when it was."""
        self._checked = time.monotonic()
        if self._engine is None:
            return False
        with self._engine.connect() as connection:
            version = version_of(connection)
            if version == self._version:
                return False
            self._index(read_entries(connection))
        self._version = version
        return True

    def entries(self) -> Sequence[Entry]:
        """Every organism, those without a département too."""
        return list(self._entries.values())

    def contacts(
        self,
        department: str,
        *,
        types: Sequence[str],
        status: str | None = None,
        sector: str | None = None,
        commune: str | None = None,
        postcode: str | None = None,
        audience: str | None = None,
        on: dt.date | None = None,
    ) -> list[Contact]:
        """Organisms of these types that serve a person, in the order of the types; only those that can be
        reached.

        `department` is a code (« 52 », « 2A », « 974 »); `status` and `sector` are the contract's values;
        `commune`
        an official name. Types the person has no use for are replaced (see bot.directory.needs.stand_ins).
        `audience`: an employer is not sent to the lines of the insured, and reads other words.
        `on`: the
        day at which freshness is judged, today by default. Raises ValueError on an unknown département or
        type.
        """
        if department not in gazetteer().departments:
            raise ValueError(f"département inconnu : {department!r}")
        _refuse_unknown(types)
        if time.monotonic() - self._checked > SECONDS_BETWEEN_CHECKS:
            self.reload_if_changed()
        day = on or _today()
        town = self._town(department, commune, postcode)
        found: dict[str, Contact] = {}
        for asked in types:
            for contact in self._of_type(asked, department, (status, sector, audience), town, day):
                found.setdefault(contact.id, contact)
        return list(found.values())

    def lines(
        self, types: Sequence[str], on: dt.date | None = None, audience: str | None = None
    ) -> list[Contact]:
        """National lines and finders of these types, for a person whose département is not known.

        Raises ValueError on an unknown type.
        """
        _refuse_unknown(types)
        day = on or _today()
        found: dict[str, Contact] = {}
        for asked in types:
            if asked in ("national", "emergency"):
                national = self._of_type(asked, NATIONAL, (None, None, audience), frozenset(), day)
            else:
                type_ = "spsti_annuaire" if asked in ("spsti", "spst_btp") else asked
                entries = self._lines(type_, audience)
                national = [contact_of(entry, None, day, (audience, None)) for entry in entries]
            found.update({contact.id: contact for contact in national if contact.usable})
        return list(found.values())

    @staticmethod
    @lru_cache(maxsize=1024)
    def _town(department: str, commune: str | None, postcode: str | None) -> frozenset[str]:
        """Names, folded, under which a service may say that it covers the person's town."""
        here = gazetteer().at(postcode) if postcode else []
        communes = [commune] if commune else [found.name for found in here]
        usual = {
            key
            for key, places in gazetteer().areas.items()
            if any(place.commune in communes and place.department == department for place in places)
        }
        names = {fold(name) for name in communes}
        return frozenset({*names, *(without_article(name) for name in names), *usual} - {""})

    def _of_type(
        self,
        asked: str,
        department: str,
        person: tuple[str | None, str | None, str | None],
        town: frozenset[str],
        on: dt.date,
    ) -> list[Contact]:
        """`person`: status, sector, audience."""
        status, sector, audience = person
        if asked == "emergency":
            return [c for c in self._national(on) if "emergency" in self._entries[c.id].scope]
        if asked == "national":
            return self._national(on)
        contacts: list[Contact] = []
        wanted = stand_ins(asked, department, status, sector)
        for type_ in wanted:
            line = next(iter(self._lines(LINES.get(type_, type_), audience)), None)
            local = _nearest(self._by_area.get((type_, department), []), town) or ([line] if line else [])
            if audience == "employer":
                local = [_for_employer(entry) for entry in local]
            contacts += [
                contact_of(entry, line if line is not entry else None, on, (audience, status))
                for entry in local
            ]
        if set(wanted) <= OCCUPATIONAL_HEALTH - {"spstn"}:
            contacts = self._with_finder(contacts, town, department, on, (audience, status))
        return [contact for contact in contacts if contact.usable]

    def _lines(self, type_: str, audience: str | None) -> list[Entry]:
        """National lines of a type, for this reader."""
        entries = self._by_area.get((type_, NATIONAL), [])
        if type_ not in OF_THE_INSURED:
            return entries
        return [e for e in entries if ("employer" in e.scope) == (audience == "employer")]

    def _national(self, on: dt.date) -> list[Contact]:
        entries = self._by_area.get(("national", NATIONAL), [])
        return [contact for entry in entries if (contact := contact_of(entry, None, on)).usable]

    def _with_finder(
        self,
        contacts: list[Contact],
        town: frozenset[str],
        department: str,
        on: dt.date,
        reader: tuple[str | None, str | None],
    ) -> list[Contact]:
        """Services of the town or of the whole département, then the tool that finds the right one, then services
        of other towns: nobody can be sure which service an employer joined."""
        finders = [
            contact
            for area in (department, NATIONAL)
            for entry in self._by_area.get(("spsti_annuaire", area), [])
            if (contact := contact_of(entry, None, on, reader)).url
        ]
        finder = finders[0] if finders else None
        if finder is None:
            return contacts
        reached = [contact if contact.usable else _through(contact, finder) for contact in contacts]
        elsewhere = [c for c in reached if _distance(self._entries[c.id], town) == ELSEWHERE]
        return [*(c for c in reached if c not in elsewhere), finder, *elsewhere]


def _today() -> dt.date:
    return dt.datetime.now(dt.timezone.utc).date()


def _refuse_unknown(asked: Iterable[str]) -> None:
    unknown = sorted(set(asked) - set(wording.types()) - {"emergency"})
    if unknown:
        raise ValueError(f"type d'organisme inconnu : {', '.join(unknown)}")


def _for_employer(entry: Entry) -> Entry:
    """Without the line of insured people (36 46) and its call for deaf people."""
    if entry.text("phone").replace(" ", "") != INSURED_LINE:
        return entry
    kept = {
        name: value for name, value in entry.fields.items() if name not in ("phone", "relay", "accessible")
    }
    return replace(entry, fields=kept)


def _through(contact: Contact, finder: Contact) -> Contact:
    """A service of which only the name is known, reached by the finder."""
    return replace(
        contact,
        url=finder.url,
        links=finder.links,
        facts=(*contact.facts, *(fact for fact in finder.facts if fact.field in LINKS)),
        checked_on=finder.checked_on,
        source_url=finder.source_url,
    )


ELSEWHERE = 2
"""Distance of a service whose territory is named, and does not name the person's town."""


def _distance(entry: Entry, town: frozenset[str]) -> int:
    """0: the service names the person's town; 1: it is that of the whole département; 2: of another territory."""
    area, name = fold(entry.text("area")), fold(entry.text("name"))
    if any(f" {place} " in f" {area} {name} " for place in town):
        return 0
    return ELSEWHERE if area else 1


def _nearest(entries: Sequence[Entry], town: frozenset[str]) -> list[Entry]:
    """At most three: those whose territory names the person's town, then those of the whole département."""
    return sorted(entries, key=lambda entry: _distance(entry, town))[:MOST_OF_A_TYPE]


def version_of(connection: Connection) -> tuple[object, object]:
    """Changes when an import or an edit was made."""
    return (
        connection.scalar(select(func.max(DataImport.at))),
        connection.scalar(select(func.max(Change.id))),
    )


def read_entries(connection: Connection) -> list[Entry]:
    """Every organism with the values in force: the territory's, else the project's, else the open data's."""
    fields: dict[str, dict[str, Value]] = {}
    rank = {origin: position for position, origin in enumerate(ORIGINS)}
    rows = connection.execute(select(Field)).mappings().all()
    for row in sorted(rows, key=lambda row: -rank.get(row["origin"], 99)):
        value = Value(
            row["value"],
            row["label"],
            row["source_url"],
            row["source_date"],
            row["confidence"],
            row["date_of"],
        )
        fields.setdefault(row["organism_id"], {})[row["name"]] = value
    organisms = connection.execute(select(Organism.id, Organism.type).order_by(Organism.id)).all()
    return [_entry(id_, type_, fields.get(id_, {})) for id_, type_ in organisms]


def _entry(id_: str, type_: str, fields: Mapping[str, Value]) -> Entry:
    def several(name: str) -> list[str]:
        return fields[name].value.split() if name in fields else []

    return Entry(id_, type_, fields, tuple(several("departments")), frozenset(several("scope")))
