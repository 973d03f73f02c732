"""The room: who is writing, admission, time given back, incidents."""
