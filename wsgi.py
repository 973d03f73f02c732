"""What a server imports: `wsgi:app`."""

import sys

from examapp import create_app, logs
from examapp.config import ConfigurationError, load_config

try:
    config = load_config()
except ConfigurationError as error:
    sys.exit(str(error))
logs.configure(production=config.production)
app = create_app(config)
