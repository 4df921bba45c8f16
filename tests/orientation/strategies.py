"""Situations au hasard : des faits quelconques, connus ou non."""

from datetime import date, timedelta

from hypothesis import strategies as st

from bot.orientation import FACTS, Situation

ON = date(2026, 11, 22)
DAYS = [ON, date(2026, 3, 2), date(2026, 6, 15), date(2027, 2, 28)]


def values(name, on=ON):
    """Valeurs d'un fait, avec celles qui bordent un seuil plus souvent que les autres."""
    fact = FACTS[name]
    if fact.kind == "choice":
        return st.sampled_from(list(fact.values))
    if fact.kind == "boolean":
        return st.booleans()
    if name == "leave_days":
        return st.sampled_from([0, 5, 29, 30, 31, 45, 59, 60, 61, 120, 180, 184, 200, 400, 1500])
    if name == "company_size":
        return st.sampled_from([1, 8, 10, 11, 19, 20, 49, 249, 250, 1000])
    if name == "age":
        return st.sampled_from([15, 16, 17, 20, 21, 30, 44, 45, 46, 55, 62])
    if name == "return_date":
        offsets = st.sampled_from([-60, -9, -8, -1, 0, 1, 5, 8, 9, 20, 30, 31, 45, 90, 200])
    elif name == "unfit_date":
        offsets = st.sampled_from([-200, -45, -32, -31, -30, -29, -16, -15, -14, -1, 0, 3])
    elif name == "leave_start":
        offsets = st.sampled_from([-800, -200, -184, -183, -120, -60, -59, -31, -30, -3, 0, 4])
    elif name == "department":
        return st.sampled_from(["52", "14", "2A", "974", "976", "75", "67"])
    else:
        return st.sampled_from(["Caen", "Saint-Dizier"])
    return offsets.map(lambda days: (on + timedelta(days=days)).isoformat())


NAMES = [name for name in FACTS if name not in ("danger", "leave_start")]


@st.composite
def situations(draw, on=ON, some=NAMES):
    """Une situation partielle, dont les faits ne se contredisent pas forcément."""
    known = draw(st.sets(st.sampled_from(some)))
    return Situation.from_json({name: draw(values(name, on)) for name in sorted(known)})


@st.composite
def complete(draw, on=ON):
    """Une situation dont tous les faits sont connus."""
    return Situation.from_json({name: draw(values(name, on)) for name in NAMES})
