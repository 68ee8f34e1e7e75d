"""Whether a measure is 0 or 1 for each, which decides its unit and whether persons may be counted by it."""

from __future__ import annotations

from typing import Any

import pytest

from reportlib.trial.measures import MeasureSpec

WHO5 = {"kind": "survey_scale", "survey": "borgere", "scale": "who5", "items": ["a", "b", "c", "d", "e"]}


@pytest.mark.parametrize(
    ("how", "zero_or_one"),
    [
        ({"kind": "paid_hours", "value": "any"}, True),
        ({"kind": "paid_hours", "value": "hours"}, False),
        ({**WHO5, "above": 50}, True),
        ({**WHO5, "above": 0}, True),  # nought is a limit as others are
        (WHO5, False),
        ({"kind": "background", "column": "koen", "equals": "K"}, True),
        ({"kind": "background", "column": "alder"}, False),
        ({"kind": "survey_share", "survey": "borgere", "item": "a", "answers": [1]}, True),
        (
            {
                "kind": "survey_mean",
                "survey": "borgere",
                "item": "a",
                "low": 1,
                "high": 5,
                "low_label": "L",
                "high_label": "H",
            },
            False,
        ),
    ],
)
def test_a_measure_is_zero_or_one_where_it_asks_whether(how: dict[str, Any], zero_or_one: bool) -> None:
    about = {"id": "m", "label": "M", "unit": "pct", "definition": "M.", "source": "s", "from": how}
    assert MeasureSpec.model_validate(about).counts_zero_or_one is zero_or_one
