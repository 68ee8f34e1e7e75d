"""Pure functions on arrays: each takes NumPy arrays (or named columns of a frame) and gives a frozen record."""
