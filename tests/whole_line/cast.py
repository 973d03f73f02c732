"""The people of the story, and how they come to have an account."""

from dataclasses import dataclass

from tests.whole_line.site import Site
from tests.whole_line.visitor import Visitor

PASSWORD = "quiet river under cottonwoods 7"


@dataclass(frozen=True)
class Cast:
    administrator: Visitor
    second_administrator: Visitor
    author: Visitor
    reviewer: Visitor
    second_reviewer: Visitor
    raters: tuple[Visitor, Visitor, Visitor]
    proctor: Visitor
    candidate: Visitor


def gather(site: Site) -> Cast:
    """The first administrator comes by the command line; everybody else by the first administrator's invitation."""
    administrator = first_administrator(site)

    def invited(name: str, role: str) -> Visitor:
        return invite(site, administrator, name, role)

    return Cast(
        administrator,
        second_administrator=invited("Bruno Tafoya", "Administrator"),
        author=invited("Clara Nez", "Item author"),
        reviewer=invited("Darius Webb", "Item reviewer"),
        second_reviewer=invited("Iris Yazzie", "Item reviewer"),
        raters=(
            invited("Elena Ruiz", "Essay rater"),
            invited("Frank Begay", "Essay rater"),
            invited("Grace Lucero", "Essay rater"),
        ),
        proctor=invited("Hugo Salas", "Proctor"),
        candidate=invited("Lucía Baca", "Candidate"),
    )


def first_administrator(site: Site) -> Visitor:
    printed = site.command("people", "add-administrator", "ana@example.org", "Ana Chávez")
    administrator = site.visitor("Ana Chávez", "ana@example.org")
    accept(administrator, site.address_in(printed))
    administrator.page.get_by_role("group").locator("summary", has_text="Ana Chávez").click()
    administrator.press("Sign out")
    sign_in(administrator)
    return administrator


def invite(site: Site, administrator: Visitor, name: str, role: str) -> Visitor:
    email = f"{name.partition(' ')[0].casefold().replace('í', 'i')}@example.org"
    administrator.visit("/people/invite")
    administrator.write({"E-mail address": email, "Name": name})
    administrator.tick(role)
    administrator.press("Send the invitation")
    administrator.sees(f"{name} is invited.")
    person = site.visitor(name, email)
    accept(person, site.address_in(site.mail_to(email, "Your invitation")))
    return person


def accept(person: Visitor, address: str) -> None:
    person.visit(address)
    person.write({"New password": PASSWORD})
    person.press("Accept the invitation")
    person.sees("Your account is ready.", f"Welcome, {person.name}")


def sign_in(person: Visitor) -> None:
    person.visit("/sign-in")
    person.write({"E-mail address": person.email, "Password": PASSWORD})
    person.press("Sign in")
    person.sees(f"Welcome, {person.name}")
