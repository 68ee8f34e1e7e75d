"""YAML is looked through before anything is built of it: how much it is, how deep, and what its aliases stand for.

An alias costs a few letters and may stand for a whole tree, again and again, or for the tree it stands in. So the
parser's events are counted first, an alias as often as what it names: that takes no more memory than the text.
"""

from __future__ import annotations

from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader, where PyYAML has it, is far faster

_LONGEST = 2_000_000  # characters; the largest of the five trials has 45,000
_DEEPEST = 30
_MOST_NODES = 100_000


class YamlBoundsError(yaml.MarkedYAMLError):
    """YAML that is larger or deeper than any file of a project, or an alias that stands for itself."""

    def __init__(self, problem: str, mark: Any = None) -> None:
        super().__init__(problem=problem, problem_mark=mark)


def check_bounds(text: str) -> None:
    """Refuse YAML that must not be built.

    Raises:
        YamlBoundsError: too long, too deep, too many nodes when aliases are counted as what they stand for, or an alias
            inside what it names.
        yaml.YAMLError: it is not YAML.
    """
    if len(text) > _LONGEST:
        raise YamlBoundsError(f"longer than {_LONGEST} characters")
    finished: dict[str | None, int] = {}  # anchor -> nodes
    open_nodes: list[tuple[str | None, int]] = []  # of each open list or mapping: its anchor, nodes counted before it
    count = 0
    for event in yaml.parse(text, Loader=LOADER):
        match event:
            case yaml.AliasEvent():
                if any(anchor == event.anchor for anchor, _ in open_nodes):
                    raise YamlBoundsError(f"*{event.anchor} stands inside what it names", event.start_mark)
                count += finished.get(event.anchor, 1)
            case yaml.ScalarEvent():
                count += 1
                if event.anchor:
                    finished[event.anchor] = 1
            case yaml.CollectionStartEvent():
                open_nodes.append((event.anchor, count))
                count += 1
            case yaml.CollectionEndEvent():
                anchor, before = open_nodes.pop()
                if anchor:
                    finished[anchor] = count - before
        if len(open_nodes) > _DEEPEST:
            raise YamlBoundsError(f"nested more than {_DEEPEST} deep", event.start_mark)
        if count > _MOST_NODES:
            raise YamlBoundsError(
                f"more than {_MOST_NODES} values, aliases counted as what they stand for",
                event.start_mark,
            )
