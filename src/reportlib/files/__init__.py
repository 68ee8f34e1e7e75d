"""Files: read within bounds (`reading`), once (`kept`), written whole (`whole`); where the theme lies (`skeleton`)."""
