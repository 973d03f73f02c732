"""People for tests, and a client that signs in as them by a real sign-in."""

from datetime import datetime
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from examapp.accounts import sign_in
from examapp.accounts.models import Role, User, UserRole
from examapp.accounts.views.browser import TOKEN
from examapp.clock import now


class Personas:
    """Makes people of each role; every call makes another one."""

    def __init__(self, db: Session, at: datetime) -> None:
        self.db = db
        self.at = at
        self.count = 0

    def person(self, *roles: Role, **values: Any) -> User:
        """Somebody with these roles. They have no password: see ``Client.sign_in_as``."""
        self.count += 1
        label = roles[0].value if roles else "visitor"
        defaults = {"email": f"{label}{self.count}@example.org", "name": f"{label.title()} {self.count}"}
        rows = [UserRole(role=role, granted_at=self.at) for role in roles]
        user = User(**{**defaults, "created_at": self.at, "role_rows": rows, **values})
        self.db.add(user)
        self.db.commit()
        return user

    def candidate(self, **values: Any) -> User:
        return self.person(Role.CANDIDATE, **values)

    def author(self, **values: Any) -> User:
        return self.person(Role.AUTHOR, **values)

    def reviewer(self, **values: Any) -> User:
        return self.person(Role.REVIEWER, **values)

    def rater(self, **values: Any) -> User:
        return self.person(Role.RATER, **values)

    def proctor(self, **values: Any) -> User:
        return self.person(Role.PROCTOR, **values)

    def administrator(self, **values: Any) -> User:
        return self.person(Role.ADMINISTRATOR, **values)


class Client(FlaskClient):
    """Before a request, what the test has written is committed; after it, the test's session reads anew."""

    db: Session

    def sign_in_as(self, user: User) -> None:
        """Signs this client in as ``user``, as the sign-in page would after the right password."""
        token = sign_in.start(self.db, user, address="127.0.0.1", browser="Test", at=now())
        with self.session_transaction() as cookie:
            cookie[TOKEN] = token

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        self.db.commit()
        response = super().open(*args, **kwargs)
        self.db.expire_all()
        return response
