"""Taking the exam: attempts, the clock, the log of response events, the exam page."""
