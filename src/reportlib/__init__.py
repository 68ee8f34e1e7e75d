"""Reproducible Danish evaluation reports of labour-market trials."""

import os

__version__ = "0.1.0"

# Linear algebra on one thread: its sums, and so a ledger's last digits, would otherwise depend on the number of cores.
# Our matrices are small, so it is faster too, and a batch has a process for each core. NumPy reads this as it loads.
for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[_name] = "1"

# Registers fill hundreds of megabytes once. Where a virtual machine gives free memory back, huge pages of it take the
# system ten times as long to find as small ones.
os.environ.setdefault("NUMPY_MADVISE_HUGEPAGE", "0")
