"""The dress rehearsal: simulated candidates write while everything around them fails; then all is counted."""
