"""No deadline for property tests: a first example loads Babel or `scipy.stats`, and the machine may be busy."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
