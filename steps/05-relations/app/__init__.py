"""The application: Flask with its settings, its database, its tokens and its addresses."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import settings
from app.engine import db, health, http, jwt, migrate


def create_app(**overrides) -> Flask:
    """Return a new application; `overrides` are settings that come before those of settings.py."""
    app = Flask(__name__)
    settings.check(app.debug)
    app.config.from_object(settings)
    app.config.from_mapping(overrides)
    proxies = app.config["TRUSTED_PROXIES"]
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)
    db.init_app(app)
    jwt.init_app(app)
    migrate.init_app(app, db)
    app.register_blueprint(http.blueprint)
    app.register_blueprint(health.blueprint)
    return app
