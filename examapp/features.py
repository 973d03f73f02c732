"""The features and their pages, in the order in which they may know each other."""

from flask import Flask

from examapp.accounts.views import bp as accounts
from examapp.admin.views import bp as admin
from examapp.authoring.views import bp as authoring
from examapp.delivery.views import bp as delivery
from examapp.endorsements.views import bp as endorsements
from examapp.proctoring.views import bp as proctoring
from examapp.registration.views import bp as registration
from examapp.reporting.views import bp as reporting
from examapp.scoring.views import bp as scoring

FEATURES = (accounts, authoring, endorsements, registration, delivery, proctoring, scoring, reporting, admin)


def register_features(app: Flask) -> None:
    for bp in FEATURES:
        app.register_blueprint(bp)
