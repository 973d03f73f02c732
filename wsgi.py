"""What a server imports: `wsgi:app`."""

import gc
import sys

from examapp import create_app, logs
from examapp.config import ConfigurationError, load_config

try:
    config = load_config()
except ConfigurationError as error:
    sys.exit(str(error))
logs.configure(production=config.production)
app = create_app(config)
# What is loaded by now lives as long as the process: the garbage collector need not look through it again and again.
gc.freeze()
