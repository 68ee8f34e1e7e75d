"""What a report shows: figures and tables, by subject. Documents ask for them by name in `figures` and `tables`."""
