"""What a server imports: `wsgi:app`."""

import sys

from examapp import create_app
from examapp.config import ConfigurationError

try:
    app = create_app()
except ConfigurationError as error:
    sys.exit(str(error))
