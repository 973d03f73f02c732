"""An attempt told again from its rows: everything that happened, in order, and the answers at any moment of it."""
