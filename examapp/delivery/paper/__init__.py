"""A part written on paper: printed, typed in by two people, compared, and made the attempt."""
