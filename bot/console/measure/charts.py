"""Bar charts drawn here, as SVG: no script, no style, readable in any colours; the table beside says the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

_WIDTH, _LABEL, _ROW, _BAR, _VALUE = 720, 290, 30, 18, 90
_LETTERS = 34

_DASHED = Markup('fill="none" stroke="currentColor" stroke-dasharray="4 3"')
_FULL = Markup('fill="currentColor"')


@dataclass(frozen=True)
class Bar:
    """One bar. `count` None: hidden; it is drawn as an empty dashed bar of no particular length."""

    label: str
    count: int | None
    shown: str
    """What is written at the end of the bar."""


def bar_chart(name: str, title: str, described: str, bars: Sequence[Bar]) -> Markup:
    """Horizontal bars. `name` makes its ids unique in the page; `described` is what someone hears in its place."""
    height = _ROW * len(bars)
    most = max([bar.count or 0 for bar in bars], default=0) or 1
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 {w} {h}" width="{w}" '
        'height="{h}" aria-labelledby="{n}-t {n}-d" color="#0f5068"><title id="{n}-t">{t}</title>'
        '<desc id="{n}-d">{d}</desc>'
    ).format(w=_WIDTH, h=height, n=name, t=title, d=described)
    drawn = Markup("").join(_bar(rank, bar, most) for rank, bar in enumerate(bars))
    return head + drawn + Markup("</svg>")


def _bar(rank: int, bar: Bar, most: int) -> Markup:
    top = rank * _ROW
    middle = top + _ROW / 2 + 5
    room = _WIDTH - _LABEL - _VALUE
    hidden = bar.count is None
    width = room * 0.12 if hidden else max(1.5, room * (bar.count or 0) / most)
    look = _DASHED if hidden else _FULL
    return Markup(
        '<text x="{x}" y="{y}" text-anchor="end" font-size="14" fill="currentColor">{label}</text>'
        '<rect x="{left}" y="{top}" width="{width:.1f}" height="{bar}" {look}/>'
        '<text x="{end:.1f}" y="{y}" font-size="14" fill="currentColor">{shown}</text>'
    ).format(
        x=_LABEL - 10,
        y=middle,
        label=_short(bar.label),
        left=_LABEL,
        top=top + (_ROW - _BAR) / 2,
        width=width,
        bar=_BAR,
        look=look,
        end=_LABEL + width + 8,
        shown=bar.shown,
    )


def _short(label: str) -> str:
    return label if len(label) <= _LETTERS else f"{label[: _LETTERS - 1].rstrip()}…"
