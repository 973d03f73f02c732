"""The pages of accounts, by noun. Importing a module puts its pages on the blueprint."""

from examapp.accounts.views import account, browser, links, reading, signing_in, words
from examapp.accounts.views.routes import bp

__all__ = ["account", "bp", "browser", "links", "reading", "signing_in", "words"]
