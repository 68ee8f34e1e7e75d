"""How the names of the files beside a report end."""

ACCOUNT = ".tal.json"
"""The account of the report's numbers."""

PROVENANCE = ".prov.json"
"""The record of what the report was made of."""
