"""Small numbers hidden, and others with them so that no subtraction gives them back.

A table is a matrix of counts whose rows and columns add up to totals that are shown too. A count from 1 to 4 is
hidden. In each line where something is hidden at least two counts are, and together they make 5 or more: what the
total leaves is then neither one person nor a few. Last, no hidden count may follow from several lines taken
together: in the graph whose edges are the hidden counts, joining their row and their column, exactly those that are
on no cycle (bridges) can be computed, so there must be none (Gusfield 1988, « A graph theoretic approach to
statistical data security »). Zeros are shown, and serve as cover only where others do not suffice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FEWEST = 5
"""Counts below this, and above zero, are hidden."""

Matrix = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Line:
    """Which counts of a line are hidden, and whether its total is."""

    cells: tuple[bool, ...]
    total: bool


def is_small(count: int) -> bool:
    """Whether a count alone would tell of too few people."""
    return 0 < count < FEWEST


def protect_line(values: Sequence[int], *, total: bool = False, forced: Iterable[int] = ()) -> Line:
    """Hide what must be in counts that add up to a shown total. `total`, `forced`: hidden for another reason."""
    whole = sum(values)
    total = total or is_small(whole)
    hidden = set(forced) | {rank for rank, value in enumerate(values) if is_small(value)}
    if total and whole and not hidden:
        hidden.add(_next(values, hidden))
    while hidden and not total and not _covered(values, hidden):
        rank = _next(values, hidden)
        if rank < 0:
            break
        hidden.add(rank)
    return Line(tuple(rank in hidden for rank in range(len(values))), total)


def _covered(values: Sequence[int], hidden: set[int]) -> bool:
    return len(hidden) >= 2 and sum(values[rank] for rank in hidden) >= FEWEST


def _next(values: Sequence[int], hidden: set[int]) -> int:
    """The smallest count left to hide, a zero only when nothing else is; -1 when all are hidden."""
    left = [rank for rank in range(len(values)) if rank not in hidden]
    return min(left, key=lambda rank: (values[rank] == 0, values[rank]), default=-1)


def protect(matrix: Matrix, rows: Line, columns: Line) -> list[tuple[bool, ...]]:
    """Hide what must be inside a table whose totals are protected already.

    `rows` says which totals of rows are hidden and whether the grand total is, `columns` the same for columns.
    Returns which counts are hidden. Rows and columns that add up to zero hide nothing: their total tells all.
    """
    return _Table(matrix, rows, columns).protected()


class _Table:
    def __init__(self, matrix: Matrix, rows: Line, columns: Line) -> None:
        self._matrix, self._row_totals, self._column_totals = matrix, rows.cells, columns.cells
        self._grand = rows.total or columns.total
        self._rows = [rank for rank, row in enumerate(matrix) if sum(row)]
        width = range(len(columns.cells))
        self._columns = [rank for rank in width if sum(row[rank] for row in matrix)]
        self._hidden = {(r, c) for r in self._rows for c in self._columns if is_small(matrix[r][c])}

    def protected(self) -> list[tuple[bool, ...]]:
        while self._cover_lines() or self._cover_bridges():
            pass
        width = range(len(self._column_totals))
        return [tuple((r, c) in self._hidden for c in width) for r in range(len(self._matrix))]

    def _cover_lines(self) -> bool:
        """Hide more in each line that gives a hidden count away; whether something was hidden."""
        before = len(self._hidden)
        for r in self._rows:
            self._cover([(r, c) for c in self._columns], total_hidden=self._row_totals[r])
        for c in self._columns:
            self._cover([(r, c) for r in self._rows], total_hidden=self._column_totals[c])
        return len(self._hidden) > before

    def _cover(self, line: Sequence[tuple[int, int]], *, total_hidden: bool) -> None:
        values = [self._matrix[r][c] for r, c in line]
        hidden = {rank for rank, cell in enumerate(line) if cell in self._hidden}
        if total_hidden and not hidden:
            hidden = {_next(values, hidden)}
        while hidden and not total_hidden and not _covered(values, hidden) and len(hidden) < len(line):
            hidden.add(_next(values, hidden))
        self._hidden |= {line[rank] for rank in hidden}

    def _cover_bridges(self) -> bool:
        """Hide one more count beside each hidden count that the lines together give away."""
        before = len(self._hidden)
        for r, c in _bridges(self._edges()):
            along_row = [(r, other) for other in self._columns] if r >= 0 else []
            along_column = [(other, c) for other in self._rows] if c >= 0 else []
            for line in (along_row, along_column):
                left = [cell for cell in line if cell not in self._hidden]
                if left:
                    self._hidden.add(min(left, key=self._weight))
                    break
        if len(self._hidden) == before and self._hidden and _bridges(self._edges()):
            self._hidden |= {(r, c) for r in self._rows for c in self._columns}
        return len(self._hidden) > before

    def _weight(self, cell: tuple[int, int]) -> tuple[bool, int]:
        value = self._matrix[cell[0]][cell[1]]
        return value == 0, value

    def _edges(self) -> set[tuple[int, int]]:
        """Hidden counts and totals; -1 is the row, or the column, of totals."""
        edges = set(self._hidden)
        edges |= {(r, -1) for r in self._rows if self._row_totals[r]}
        edges |= {(-1, c) for c in self._columns if self._column_totals[c]}
        return edges | ({(-1, -1)} if self._grand else set())


def _bridges(edges: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Edges on no cycle of the graph that joins rows and columns, by Tarjan's low-link, without recursion."""
    around: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for r, c in edges:
        around.setdefault(("row", r), []).append(("column", c))
        around.setdefault(("column", c), []).append(("row", r))
    order: dict[tuple[str, int], int] = {}
    low: dict[tuple[str, int], int] = {}
    found = []
    for root in sorted(around):
        if root in order:
            continue
        order[root] = low[root] = len(order)
        stack = [(root, root, iter(around[root]))]
        while stack:
            node, parent, nexts = stack[-1]
            for other in nexts:
                if other not in order:
                    order[other] = low[other] = len(order)
                    stack.append((other, node, iter(around[other])))
                    break
                if other != parent:
                    low[node] = min(low[node], order[other])
            else:
                stack.pop()
                if node != parent:
                    low[parent] = min(low[parent], low[node])
                    if low[node] > order[parent]:
                        ends = dict((node, parent))
                        found.append((ends["row"], ends["column"]))
    return sorted(found)
