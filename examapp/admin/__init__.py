"""Running the site: people, the outbox, the audit trail."""
