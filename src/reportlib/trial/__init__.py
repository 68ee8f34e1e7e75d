"""`trial.yml` as typed records: what a trial is, what its extracts look like, what to compute and what it is called.

The fields are documented for users in docs/trial.md. `load_trial` is the way in.
"""

from reportlib.trial.model import Trial
from reportlib.trial.project import TrialFileError, find_trial, load_trial
