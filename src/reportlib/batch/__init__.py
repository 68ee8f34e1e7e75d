"""Many reports: plan them, run them on workers, keep what is unchanged, and tell what happened.

`plan.py` says what would be made and refuses what cannot be; `batch_run.py` does it; `cache.py` knows what needs no
doing.
"""
