"""What the measures show: the true counts or nothing, nothing small, nothing that another view hides."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, insert

from bot.console.adviser import Adviser
from bot.console.measure.dashboard import headline, sections
from bot.console.measure.indicators import INDICATORS, POINTS
from bot.console.measure.reading import Readings, read, values, years
from bot.console.measure.suppression import FEWEST
from bot.console.measure.tables import Figures, Row
from bot.console.measure.views import DIMENSIONS, View, territory
from bot.conversation.migrate import tables
from bot.conversation.models import FeedbackEvent, Figure
from bot.database import sync_engine

MONTHS = [date(2025, 12, 1), date(2026, 1, 1), date(2026, 11, 1)]
people = st.lists(
    st.tuples(
        st.sampled_from(MONTHS),
        st.sampled_from(["", "14", "52"]),
        st.sampled_from(["worker", "employer"]),
        st.sampled_from(["web", "sms"]),
        st.sampled_from(
            [(), ("device:rqth/open",), ("device:rqth/later", "employment:same_job"), ("first:cep",)]
        ),
        st.sampled_from(POINTS),
        st.sampled_from([1, 1, 2, 9, 30]),
    ),
    max_size=40,
)
Person = tuple[Any, ...]


def fill(connection: Connection, written: list[Person]) -> Counter[tuple[Any, ...]]:
    """Write the figures of these people; returns what was written, mark by mark."""
    counts: Counter[tuple[Any, ...]] = Counter()
    for month, department, audience, channel, marks, point, number in written:
        kept = point not in ("no_answer", "not_kept")
        where = (month, department if kept else "", audience if kept else "", channel)
        for mark in {f"reached:{point}", *(marks if point == "plan" else ())}:
            counts[(*mark.split(":"), *where)] += number
    names = ("measure", "key", "month", "department", "audience", "channel")
    rows = [dict(zip(names, key, strict=True)) | {"count": count} for key, count in counts.items()]
    if rows:
        connection.execute(insert(Figure), rows)
    return counts


@pytest.fixture(params=["sqlite", "postgresql"])
def connection(request: pytest.FixtureRequest) -> Any:
    if request.param == "sqlite":
        engine = create_engine("sqlite://")
        tables().metadata.create_all(engine)
    else:
        engine = sync_engine(request.getfixturevalue("emptied"))
    with engine.connect() as opened:
        yield opened
    engine.dispose()


@pytest.fixture(scope="module")
def shared() -> Any:
    engine = create_engine("sqlite://")
    tables().metadata.create_all(engine)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def by_hand(counts: Counter[tuple[Any, ...]], **wanted: Any) -> Counter[tuple[str, str]]:
    """« measure, key » → count, of one year and what is wanted of the rest."""
    found: Counter[tuple[str, str]] = Counter()
    for (measure, key, month, department, audience, channel), count in counts.items():
        here = {
            "month": month.isoformat()[:7],
            "department": department,
            "audience": audience,
            "channel": channel,
        }
        if month.year == 2026 and all(here[name] == value for name, value in wanted.items()):
            found[measure, key] += count
    return found


def numbers(row: Row) -> list[int | None]:
    return [*row.counts, row.total]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people, st.sampled_from([None, *DIMENSIONS]), st.data())
def test_un_nombre_montre_est_vrai_et_n_est_jamais_petit(
    shared: Connection, written: list[Person], dimension: Any, data: st.DataObject
) -> None:
    transaction = shared.begin()
    try:
        counts = fill(shared, written)
        filters = {}
        if dimension and (found := values(shared, View(2026), dimension)):
            filters = {dimension: data.draw(st.sampled_from(found))}
        figures = Figures(shared, View(2026, filters))
        true = by_hand(counts, **filters)
        for point, shown in zip(POINTS, figures.reached.counts, strict=True):
            assert shown in (None, true["reached", point])
        for indicator in INDICATORS:
            for row in figures.indicators[indicator.name].rows:
                for column, shown in zip(indicator.columns, row.counts, strict=False):
                    if indicator.name not in ("length", "feedback"):
                        key = f"{row.item}/{column}" if indicator.items else column
                        assert shown in (None, true[indicator.measure, key]), (indicator.name, key)
        everything = [figures.reached, *(r for t in figures.indicators.values() for r in t.rows)]
        for name in DIMENSIONS:
            if name not in filters:
                table = figures.breakdown(name)
                everything += table.rows
                for row in table.rows:
                    part = by_hand(counts, **filters, **{name: row.item})
                    assert row.total in (None, sum(part["reached", point] for point in POINTS))
        assert not [row for row in everything if any(n is not None and 0 < n < FEWEST for n in numbers(row))]
        sections(figures)
        headline(figures)
    finally:
        transaction.rollback()


def plain(counts: Any, measures: tuple[str, ...]) -> dict[tuple[str, str, str], int]:
    """« measure, group, key » → count, of the measures asked."""
    return {
        (measure, group, key): count
        for measure, groups in counts.items()
        for group, keys in groups.items()
        for key, count in keys.items()
        if not measures or measure in measures
    }


ASKED = st.tuples(
    st.fixed_dictionaries(
        {},
        optional={
            "month": st.sampled_from(["2026-01", "2026-11"]),
            "department": st.sampled_from(["", "52"]),
        },
    ),
    st.sampled_from([None, *DIMENSIONS]),
    st.sampled_from([(), ("reached",)]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people, st.lists(ASKED, max_size=8), st.sampled_from([None, frozenset({"52"})]))
def test_ce_qui_se_deduit_d_une_lecture_est_ce_qu_on_aurait_lu(
    shared: Connection, written: list[Person], asked: list[Any], departments: frozenset[str] | None
) -> None:
    transaction = shared.begin()
    try:
        fill(shared, written)
        for day, department, count in ((3, "52", 7), (4, "", 5)):
            row = {"day": date(2026, 11, day), "answer": "yes", "channel": "web", "audience": "worker"}
            shared.execute(insert(FeedbackEvent), row | {"department": department, "count": count})
        readings = Readings(shared)
        for filters, by, measures in asked:
            if by not in filters:
                view = View(2026, filters, departments)
                assert plain(readings.of(view, by, measures), measures) == plain(
                    read(shared, view, by, measures), measures
                )
    finally:
        transaction.rollback()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people, st.sampled_from(DIMENSIONS))
def test_choisir_une_ligne_ne_montre_pas_ce_que_le_tableau_cache(
    shared: Connection, written: list[Person], dimension: Any
) -> None:
    transaction = shared.begin()
    try:
        fill(shared, written)
        for row in Figures(shared, View(2026)).breakdown(dimension).rows:
            alone = Figures(shared, View(2026, {dimension: row.item})).reached
            for in_table, in_view in zip(numbers(row), numbers(alone), strict=True):
                assert in_table is not None or in_view is None
    finally:
        transaction.rollback()


def many(department: str, plans: int, month: date = MONTHS[2], marks: tuple[str, ...] = ()) -> Person:
    return (month, department, "worker", "web", marks, "plan", plans)


def test_un_conseiller_ne_lit_que_ses_departements(connection: Connection) -> None:
    fill(connection, [many("14", 20), many("52", 30), (MONTHS[2], "", "", "web", (), "not_kept", 50)])
    adviser = Adviser(1, "a@exemple.fr", "A", "adviser", frozenset({"52"}))
    manager = Adviser(2, "b@exemple.fr", "B", "manager", frozenset({"52"}))
    admin = Adviser(3, "c@exemple.fr", "C", "admin", None)
    totals = [
        Figures(connection, View(2026, {}, territory(who))).reached.total for who in (adviser, manager, admin)
    ]
    assert totals == [30, 80, 100]
    assert values(connection, View(2026, {}, territory(adviser)), "department") == ["52"]


def test_un_petit_territoire_en_cache_un_autre_partout(connection: Connection) -> None:
    fill(
        connection,
        [
            many("14", 20, marks=("device:rqth/open",)),
            many("52", 3, marks=("device:rqth/open",)),
            many("51", 40),
        ],
    )
    shown = {row.item: row.total for row in Figures(connection, View(2026)).breakdown("department").rows}
    assert shown == {"14": None, "51": 40, "52": None}
    for code in ("14", "52"):
        alone = Figures(connection, View(2026, {"department": code}))
        assert alone.reached.total is None
        assert alone.indicators["device"].rows[0].counts[0] is None
    whole = Figures(connection, View(2026)).indicators["device"].rows[0]
    assert whole.counts[0] == 23


def test_les_annees_et_les_avis_se_lisent(connection: Connection) -> None:
    fill(connection, [many("14", 20), many("14", 20, MONTHS[0])])
    for day, answer, count in (
        (date(2026, 11, 3), "yes", 9),
        (date(2026, 11, 9), "no", 6),
        (date(2025, 12, 9), "no", 8),
    ):
        row = {
            "day": day,
            "answer": answer,
            "channel": "web",
            "audience": "worker",
            "department": "14",
            "count": count,
        }
        connection.execute(insert(FeedbackEvent), row)
    assert years(connection) == [2026, 2025]
    assert read(connection, View(2026))["feedback"][""] == {"yes": 9, "no": 6}
    assert read(connection, View(2026), "month")["feedback"] == {"2026-11": {"yes": 9, "no": 6}}
    assert Figures(connection, View(2026)).indicators["feedback"].rows[0].total == 15
