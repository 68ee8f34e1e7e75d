"""Files: read within bounds (`reading`), written whole (`whole`); those that the library brings along (`own_files`)."""
