"""What changed between two ledgers, or between the numbers of two reports: verdicts first, then values, then words."""
