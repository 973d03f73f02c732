"""The written examination of the NMAIMH endorsement: bank, exam, scoring, record."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from examapp import cli, errors, health, security, shell
from examapp.config import Config, load_config
from examapp.db import Database
from examapp.db import init_app as init_database
from examapp.extensions import babel, csrf, limiter, login_manager
from examapp.features import register_features
from question_bank.similar_items import SimilarItems


def create_app(config: Config | None = None) -> Flask:
    """Wire the application. Raises ConfigurationError when the environment does not make sense."""
    config = config or load_config()
    app = Flask(__name__)
    app.config.from_mapping(
        EXAMAPP=config,
        TESTING=config.testing,
        SECRET_KEY=config.secret_key,
        MAX_CONTENT_LENGTH=8 * 1024 * 1024,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.production,
        WTF_CSRF_TIME_LIMIT=None,  # a page open for hours still posts: the token lives as long as the sign-in
        RATELIMIT_STORAGE_URI=config.rate_limit_storage,
        BABEL_DEFAULT_LOCALE="en",
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    if config.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask documents this assignment
            app.wsgi_app, x_for=config.trusted_proxies, x_proto=config.trusted_proxies, x_host=config.trusted_proxies
        )
    init_database(app, Database(config.database_url))
    app.extensions["similar_items"] = SimilarItems()
    csrf.init_app(app)
    limiter.init_app(app)
    login_manager.init_app(app)
    babel.init_app(app, locale_selector=shell.chosen_locale, timezone_selector=shell.chosen_time_zone)
    errors.init_app(app)
    security.init_app(app)
    shell.init_app(app)
    register_features(app)
    app.register_blueprint(health.bp)
    cli.init_app(app)
    return app
