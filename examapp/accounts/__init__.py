"""People: accounts, roles, sign-in sessions, invitations, and the mail outbox."""
