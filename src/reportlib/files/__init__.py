"""Files: read within bounds (`reading`), once (`kept`), written whole (`whole`), and where the theme lies (`skeleton`)."""
