"""Whether printed parts add up to their printed total."""

from reportlib.danish import sums_as_printed


def test_parts_add_up_or_ask_for_a_note() -> None:
    assert not sums_as_printed([33.3, 33.3, 33.4], 100)
    assert sums_as_printed([33.3, 33.3, 33.4], 100, 1)
    assert sums_as_printed([50, 30, 20], 100)
    assert not sums_as_printed([1440, 40], 1480, -2)  # 1.400 and 0 are not 1.500
