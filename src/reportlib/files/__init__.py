"""Files: read bounded and of one shape (`reading`, `yaml_reading`), once (`kept`), written whole (`whole`), and where
the theme lies (`skeleton`)."""
