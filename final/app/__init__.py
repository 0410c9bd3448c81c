"""The application: Flask with its settings, its database, its tokens, images and addresses."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import commands
from app.engine import (
    config,
    db,
    deadline,
    gallery,
    headers,
    health,
    http,
    jwt,
    limits,
    logs,
    mail,
    metrics,
    migrate,
    multipart,
    storage,
    telemetry,
    trusted,
)


def create_app(**given) -> Flask:
    """Return a new application; `given` are settings that come before those outside."""
    settings = config.read(**given)
    app = Flask(__name__)
    app.request_class = multipart.Request
    app.config.from_mapping(config.for_flask(settings))
    logs.init_app(app)
    headers.init_app(app)
    proxies = settings.trusted_proxies
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)
    db.init_app(app)
    jwt.init_app(app)
    migrate.init_app(app, db)
    storage.init_app(app)
    mail.mailer.init_app(app)
    deadline.init_app(app)
    telemetry.init_app(app)
    limits.init_app(app)
    trusted.init_app(app)
    for station in (http, health, metrics, gallery, *commands.MODULES):
        app.register_blueprint(station.blueprint)
    return app
