"""A contract for import-linter: no module imports itself on any way round, annotations and functions included.

import-linter's own `acyclic_siblings` compares whole packages, where one may well know the values of another.
"""

from __future__ import annotations

import grimp
import networkx as nx
from importlinter import Contract, ContractCheck, output


def circles(graph: grimp.ImportGraph) -> list[list[str]]:
    """The groups of modules that import each other, each in alphabetical order."""
    found: nx.DiGraph[str] = nx.DiGraph()
    for module in graph.modules:
        found.add_edges_from((module, other) for other in graph.find_modules_directly_imported_by(module))
    return sorted(sorted(group) for group in nx.strongly_connected_components(found) if len(group) > 1)


class AcyclicModules(Contract):
    """Broken by any two modules that can reach each other."""

    type_name = "acyclic_modules"

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        found = circles(graph)
        return ContractCheck(kept=not found, metadata={"circles": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for group in check.metadata["circles"]:
            output.print_error(f"These modules import each other: {', '.join(group)}.")
