"""Reproducible Danish evaluation reports of labour-market trials."""

__version__ = "0.1.0"
