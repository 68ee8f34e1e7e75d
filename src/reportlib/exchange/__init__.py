"""What others can read and what others can give: forms and sources of the field, each in a module of its own."""
