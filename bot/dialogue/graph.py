"""Runs the model's graph in order, in this thread.

Rasa rebuilds a dask graph for every message and every prediction (3 to 4 ms each) although the graph never changes
after loading. This runner sorts each needed sub-graph once and then calls the nodes one after another.
"""

from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage


class SequentialGraphRunner(GraphRunner):
    """A `GraphRunner` for prediction: same nodes, same results as dask's, without dask."""

    def __init__(self, schema: GraphSchema, nodes: dict[str, GraphNode]) -> None:
        self._schema = schema
        self._nodes = nodes
        self._orders: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> "SequentialGraphRunner":
        """Instantiate the nodes as dask's runner does."""
        nodes = DaskGraphRunner._instantiate_nodes(graph_schema, model_storage, execution_context, hooks)
        return cls(graph_schema, nodes)

    def _order(self, targets: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        if targets not in self._orders:
            schema = self._schema.minimal_graph_schema(list(targets))
            ordered: list[tuple[str, tuple[str, ...]]] = []
            done: set[str] = set()

            def visit(name: str) -> None:
                if name in done or name not in schema.nodes:
                    return
                done.add(name)
                needs = tuple(schema.nodes[name].needs.values())
                for need in needs:
                    visit(need)
                ordered.append((name, needs))

            for target in targets:
                visit(target)
            self._orders[targets] = ordered
        return self._orders[targets]

    def run(
        self,
        inputs: dict[str, Any] | None = None,
        targets: list[str] | None = None,
    ) -> dict[str, Any]:
        """Compute `targets` from `inputs`. Raises GraphRunError when an input is missing."""
        wanted = tuple(targets or self._schema.target_names)
        results: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in self._order(wanted):
            try:
                arguments = [results[need] for need in needs]
            except KeyError as missing:
                raise GraphRunError(f"Input {missing} of node {name} was not given.") from None
            results[name] = self._nodes[name](*arguments)
        return {name: results[name][1] for name in wanted}
