"""The database, which every other module shares."""

from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()
