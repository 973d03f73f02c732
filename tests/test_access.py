"""Every address of the site names who may open it, and refuses everybody else."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, FloatConverter, IntegerConverter, Rule, UUIDConverter

from examapp.accounts.models import Role
from examapp.policies import RIGHTS, Right
from examapp.security import PUBLIC, access_of
from tests.personas import Client, Personas

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Address:
    """One URL and one method it answers to."""

    method: str
    url: str
    access: str | tuple[Right, ...] | None
    endpoint: str


@pytest.fixture
def addresses(app: Flask) -> list[Address]:
    with app.test_request_context():
        return [
            Address(method, url_of(rule), access_of(rule.endpoint), rule.endpoint)
            for rule in app.url_map.iter_rules()
            for method in sorted(rule.methods or ())
            if method in METHODS and rule.endpoint != "static"
        ]


def url_of(rule: Rule) -> str:
    """The address with its variable parts filled: there is nothing by those names, so nobody gets past the door."""
    built = rule.build({name: filler(converter) for name, converter in rule._converters.items()})
    assert built is not None
    return built[1]


def filler(converter: BaseConverter) -> object:
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    numbers = {IntegerConverter: 1, FloatConverter: 1.0, UUIDConverter: UUID(int=1)}
    return numbers.get(type(converter), "x")


def test_every_address_names_who_may_open_it(addresses: list[Address]) -> None:
    assert not [address.endpoint for address in addresses if not address.access]


def test_a_visitor_is_sent_to_sign_in(client: Client, addresses: list[Address]) -> None:
    guarded = [address for address in addresses if address.access != PUBLIC]
    answers = {address: client.open(address.url, method=address.method) for address in guarded}
    assert answers
    assert not [
        (address.method, address.url, answer.status)
        for address, answer in answers.items()
        if answer.status_code not in (302, 401) or (answer.status_code == 302 and "/sign-in" not in answer.location)
    ]


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_only_what_its_rights_name(
    role: Role, client: Client, personas: Personas, addresses: list[Address]
) -> None:
    client.sign_in_as(personas.person(role))
    closed = {a for a in addresses if isinstance(a.access, tuple) and not RIGHTS[role] & set(a.access)}
    pages = {a for a in addresses if a.method == "GET" and a.access != PUBLIC}
    answers = {a: client.open(a.url, method=a.method).status_code for a in closed | pages}
    assert not [(a.method, a.url, answers[a]) for a in closed if answers[a] not in (403, 404)]
    assert not [(a.url, answers[a]) for a in pages if answers[a] >= 500]


def test_an_address_takes_no_other_action_than_its_own(app: Flask, client: Client, addresses: list[Address]) -> None:
    router = app.url_map.bind("localhost")
    urls = {address.url for address in addresses}
    wrong = [(method, url) for url in urls for method in METHODS if method not in router.allowed_methods(url)]
    answers = {(method, url): client.open(url, method=method).status_code for method, url in wrong}
    assert not [(method, url, code) for (method, url), code in answers.items() if code != 405]
