"""The application: Flask with its settings, its database, its tokens, images and addresses."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import settings
from app.engine import db, gallery, health, http, jwt, mail, migrate, multipart, storage, sweep


def create_app(**overrides) -> Flask:
    """Return a new application; `overrides` are settings that come before those of settings.py."""
    app = Flask(__name__)
    app.request_class = multipart.Request
    settings.check(app.debug)
    app.config.from_object(settings)
    app.config.from_mapping(overrides)
    proxies = app.config["TRUSTED_PROXIES"]
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)
    db.init_app(app)
    jwt.init_app(app)
    migrate.init_app(app, db)
    storage.init_app(app)
    mail.init_app(app)
    app.register_blueprint(http.blueprint)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(gallery.blueprint)
    app.register_blueprint(mail.blueprint)
    app.register_blueprint(sweep.blueprint)
    return app
