"""Danish typography and words for numbers: everything a report prints goes through here.

Nothing in this package reads or sets a global locale, and nothing knows about trials or ledgers.
"""

from reportlib.danish.grammar import (
    NOUNS,
    Gender,
    Noun,
    UnknownNounError,
    capitalise,
    count_text,
    decapitalise,
    list_text,
    noun_of,
    number_word,
    out_of_text,
    runs,
    runs_text,
    sentence,
    weeks_text,
)
from reportlib.danish.numbers import (
    EN_DASH,
    MINUS,
    NBSP,
    ROUNDING_NOTE,
    SUM_NOTE,
    NotANumberError,
    Number,
    as_decimal,
    number_text,
    parse_number,
    round_half_up,
    sums_as_printed,
)
from reportlib.danish.quantities import (
    FRACTION_WORDS,
    UNIT_WORDS,
    FractionWord,
    WordNotAllowedError,
    about_text,
    confidence_name,
    confidence_text,
    date_text,
    default_decimals,
    event_week,
    event_weeks,
    interval_text,
    limits_text,
    millions_text,
    month_range,
    month_text,
    on_date,
    p_text,
    put_in,
    short_date,
    value_text,
)
