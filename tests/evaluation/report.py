"""The evaluation in Markdown. Errors of the test half are counted, never shown."""

from collections.abc import Iterator, Sequence

from tests.evaluation import measures
from tests.evaluation.dataset import AS_OF, KINDS
from tests.evaluation.measures import ACTS_FROM, SURE_FROM, FactCount, Pair, Share


def percent(part: Share) -> str:
    """« 91.2 % (73/80) », or « – » when there is nothing to count."""
    return f"{100 * part.rate:.1f} % ({part.count}/{part.total})" if part.total else "–"


def summary(pairs: Sequence[Pair]) -> list[tuple[str, str]]:
    """The headline figures: label and value."""
    threshold = measures.threshold_accepting(pairs)
    _, facts, exact = measures.facts_read(pairs)
    bins = measures.calibration(pairs)
    return [
        ("Messages", str(len(pairs))),
        ("Intents right, in scope", percent(measures.intents_right(pairs))),
        (f"In scope accepted at {threshold:.3f}", percent(measures.accepted(pairs, threshold))),
        (f"Out of scope refused at {threshold:.3f}", percent(measures.refused(pairs, threshold))),
        (f"In scope accepted at {ACTS_FROM}", percent(measures.accepted(pairs, ACTS_FROM))),
        (f"Out of scope refused at {ACTS_FROM}", percent(measures.refused(pairs, ACTS_FROM))),
        (f"Wrong and sure (≥ {SURE_FROM})", percent(measures.wrong_and_sure(pairs))),
        ("Expected calibration error", f"{measures.calibration_error(bins):.3f}"),
        ("Facts: precision, recall, F1", f"{facts.precision:.3f}, {facts.recall:.3f}, {facts.f1:.3f}"),
        ("Messages with all facts exact", percent(exact)),
        ("Crisis messages caught", percent(measures.crises_caught(pairs))),
        ("False alarms on ordinary messages", percent(measures.false_alarms(pairs))),
        ("Soft questions on ordinary messages", percent(measures.false_alarms(pairs, ("soft",)))),
    ]


def markdown(pairs: Sequence[Pair], half: str | None) -> str:
    """The whole report."""
    lines = [
        "# How well Relais understands",
        "",
        f"{len(pairs)} messages of tests/evaluation/messages.yml ({half or 'both halves'}), as of {AS_OF}.",
        "",
        *_table(("", ""), summary(pairs)),
        *_safety(pairs),
        *_calibration(pairs),
        *_facts(pairs),
        *_confusions(pairs),
        *_errors([pair for pair in pairs if pair.message.half == "dev"]),
        *_counted([pair for pair in pairs if pair.message.half == "test"]),
    ]
    return "\n".join(lines) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in (head, ["---"] * len(head), *rows):
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
    yield ""


def _safety(pairs: Sequence[Pair]) -> Iterator[str]:
    yield from ("## Safety", "")
    found = measures.alarms(pairs)
    rows = [(kind, percent(found[kind][0]), percent(found[kind][1])) for kind in KINDS]
    yield from _table(("kind", "met with any alarm", "with the right one"), rows)


def _calibration(pairs: Sequence[Pair]) -> Iterator[str]:
    yield from ("## Calibration", "")
    bins = measures.calibration(pairs)
    rows = [(str(bin_.count), f"{bin_.confidence:.2f}", f"{bin_.right:.2f}") for bin_ in bins]
    yield from _table(("messages", "mean confidence", "right"), rows)


def _facts(pairs: Sequence[Pair]) -> Iterator[str]:
    yield from ("## Facts", "")
    per_fact, total, _ = measures.facts_read(pairs)
    rows = [_fact_row(name, count) for name, count in [*per_fact.items(), ("all", total)]]
    yield from _table(("fact", "precision", "recall", "F1", "right", "wrong", "missed"), rows)


def _fact_row(name: str, count: FactCount) -> tuple[str, ...]:
    rates = (f"{rate:.2f}" for rate in (count.precision, count.recall, count.f1))
    return (name, *rates, str(count.right), str(count.wrong), str(count.missed))


def _confusions(pairs: Sequence[Pair]) -> Iterator[str]:
    yield from ("## Confusions", "")
    rows = [(expected, found, str(count)) for expected, found, count in measures.confusions(pairs)]
    yield from _table(("expected", "understood", "times"), rows)


def _errors(pairs: Sequence[Pair]) -> Iterator[str]:
    yield from ("## Errors of the dev half", "")
    for pair in pairs:
        for error in _errors_of(pair):
            yield f"- {error}: « {pair.message.text} »"
    yield ""


def _counted(pairs: Sequence[Pair]) -> Iterator[str]:
    yield from ("## Errors of the test half", "")
    wrong = sum(bool(list(_errors_of(pair))) for pair in pairs)
    yield f"{wrong} messages of {len(pairs)} with an error, not shown: developers must not learn from them."


def _errors_of(pair: Pair) -> Iterator[str]:
    message, understood = pair.message, pair.understood
    if understood.safety not in message.safety:
        yield f"safety {understood.safety}, not {_names(message.safety)}"
    if message.ordinary and not pair.right:
        yield f"intent {understood.intent} ({understood.confidence:.2f}), not {_names(message.intents)}"
    if message.facts is None:
        return
    errors = measures.fact_errors(pair)
    for name in errors.wrong:
        expected = message.facts.get(name) or message.may.get(name)
        yield f"{name} read as {understood.facts[name]}, not {_names(expected) if expected else 'stated'}"
    for name in set(errors.missed) - set(errors.wrong):
        yield f"{name} missed ({_names(message.facts[name])})"


def _names(values: object) -> str:
    assert isinstance(values, frozenset | tuple)
    return " or ".join(sorted(str(value) for value in values))
