"""What the tags of a PDF hold: elements that have their kind under `/S`, and under `/K` what is in them."""

from __future__ import annotations

from typing import Any

import pikepdf


def listed(node: Any, key: str) -> list[Any]:
    """What an element has under a key, be it an array, a value alone or nothing."""
    if key not in node:  # to `get` what is not there takes ten times as long
        return []
    value = node.get(key)
    return list(value.as_list()) if isinstance(value, pikepdf.Array) else [value]


def elements(node: Any) -> list[Any]:
    """The elements right in another; what else is in it is marked content of a page, as a number or a dictionary."""
    return [child for child in listed(node, "/K") if isinstance(child, pikepdf.Dictionary) and "/S" in child]
