"""Small numbers stay hidden: nothing shown gives one back, by any subtraction of lines."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.console.measure.suppression import FEWEST, Line, protect, protect_line

counts = st.one_of(st.just(0), st.integers(0, 7), st.integers(0, 60))
matrices = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(counts, min_size=width, max_size=width), min_size=1, max_size=6)
)


def margins(matrix: list[list[int]]) -> tuple[Line, Line]:
    """The totals of rows and of columns, protected along their own lines; one grand total."""
    return (
        protect_line([sum(row) for row in matrix]),
        protect_line([sum(column) for column in zip(*matrix, strict=True)]),
    )


def hidden_cells(matrix: list[list[int]]) -> tuple[list[list[int]], list[list[bool]]]:
    """The table with its totals, and what is hidden of it."""
    rows, columns = margins(matrix)
    mask = protect(matrix, rows, columns)
    full = [[*row, sum(row)] for row in matrix]
    full.append([sum(column) for column in zip(*full, strict=True)])
    shown = [[*cells, total] for cells, total in zip(mask, rows.cells, strict=True)]
    return full, [*shown, [*columns.cells, rows.total]]


def determined(mask: list[list[bool]]) -> set[tuple[int, int]]:
    """Hidden cells that the sums of the lines fix, by elimination: those that no free movement can change."""
    unknown = [(r, c) for r, row in enumerate(mask) for c, hidden in enumerate(row) if hidden]
    height, width = len(mask), len(mask[0])
    equations = []
    for r in range(height):
        equations.append(
            [Fraction(0 if cell[0] != r else -1 if cell[1] == width - 1 else 1) for cell in unknown]
        )
    for c in range(width):
        equations.append(
            [Fraction(0 if cell[1] != c else -1 if cell[0] == height - 1 else 1) for cell in unknown]
        )
    pivots = []
    for column in range(len(unknown)):
        row = next((e for e in range(len(pivots), len(equations)) if equations[e][column]), None)
        if row is None:
            continue
        top = len(pivots)
        equations[top], equations[row] = equations[row], equations[top]
        head = equations[top][column]
        equations[top] = [value / head for value in equations[top]]
        for e in range(len(equations)):
            if e != top and equations[e][column]:
                factor = equations[e][column]
                equations[e] = [a - factor * b for a, b in zip(equations[e], equations[top], strict=True)]
        pivots.append(column)
    return {
        unknown[column]
        for top, column in enumerate(pivots)
        if not any(value for other, value in enumerate(equations[top]) if other != column)
    }


@settings(max_examples=600, deadline=None)
@given(matrices)
def test_aucun_petit_nombre_n_est_montre_ni_ne_se_calcule(matrix: list[list[int]]) -> None:
    full, mask = hidden_cells(matrix)
    for r, row in enumerate(full):
        for c, value in enumerate(row):
            assert mask[r][c] or not 0 < value < FEWEST
    small = {(r, c) for r, row in enumerate(full) for c, value in enumerate(row) if 0 < value < FEWEST}
    assert not small & determined(mask)


@settings(max_examples=600, deadline=None)
@given(matrices)
def test_ce_qu_un_total_laisse_fait_au_moins_cinq(matrix: list[list[int]]) -> None:
    full, mask = hidden_cells(matrix)
    lines = [(full[r], mask[r]) for r in range(len(full))]
    lines += [([row[c] for row in full], [row[c] for row in mask]) for c in range(len(full[0]))]
    for values, hidden in lines:
        if not hidden[-1] and any(hidden[:-1]):
            left = values[-1] - sum(
                value for value, gone in zip(values[:-1], hidden[:-1], strict=True) if not gone
            )
            assert left >= FEWEST
            assert sum(hidden[:-1]) >= 2


@given(st.lists(counts, min_size=2, max_size=8), st.sets(st.integers(0, 1)))
def test_une_ligne_garde_cache_ce_qu_un_autre_tableau_cache(values: list[int], forced: set[int]) -> None:
    line = protect_line(values, forced=forced)
    assert all(line.cells[rank] for rank in forced)
    if any(line.cells) and not line.total and sum(values) >= FEWEST:
        assert sum(value for value, gone in zip(values, line.cells, strict=True) if gone) >= FEWEST


@given(st.lists(st.lists(st.integers(FEWEST, 90), min_size=3, max_size=3), min_size=1, max_size=5))
def test_rien_n_est_cache_sans_raison(matrix: list[list[int]]) -> None:
    assert not any(any(row) for row in hidden_cells(matrix)[1])


def test_un_seul_petit_nombre_entraine_le_plus_petit_des_autres() -> None:
    line = protect_line([40, 2, 9, 0])
    assert line == Line((False, True, True, False), False)
    assert protect_line([2, 1, 0]) == Line((True, True, False), True)
