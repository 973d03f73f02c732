"""The invented people of the demonstration. Nobody here is real."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from examapp.accounts.models import Role, User
from examapp.accounts.passwords import hash_password
from examapp.accounts.people import create_user

PASSWORD = "adobe-lantern-47-juniper"  # nosec B105 # public on purpose, printed at start; demonstration only
DOMAIN = "demo.example"


@dataclass(frozen=True)
class Person:
    name: str
    mailbox: str
    roles: tuple[Role, ...]
    about: str = ""
    locale: str = "en"

    @property
    def email(self) -> str:
        return f"{self.mailbox}@{DOMAIN}"


STAFF = (
    Person("Rosalind Okafor", "admin", (Role.ADMINISTRATOR,), "administrator: files, administrations, results"),
    Person("Teodoro Baca", "admin2", (Role.ADMINISTRATOR,), "second administrator: confirms releases"),
    Person("Imogen Castellano", "author", (Role.AUTHOR,), "writes items and vignettes, assembles forms"),
    Person("Desmond Yellowhair", "reviewer", (Role.REVIEWER, Role.RATER), "reviews items of others; also rates essays"),
    Person("Thaddeus Kimura", "reviewer2", (Role.REVIEWER,), "does the other review: nobody does both of an item"),
    Person("Priya Lindqvist", "rater", (Role.RATER,), "rates essays blind"),
    Person("Marguerite Sandoval", "rater2", (Role.RATER, Role.AUTHOR), "rates essays blind; also writes items"),
    Person("Anselm Whitehorse", "rater3", (Role.RATER,), "third reader"),
    Person("Lucinda Montaño", "proctor", (Role.PROCTOR,), "watches the room, gives time back"),
)

# The two who sign the portfolio reviews in the demonstration files. They have no account.
PORTFOLIO_REVIEWERS = ("Dr. Hollis Arrington", "Beatriz Quintana, LCSW")

# Registered for the administration that is open now.
CURRENT = (
    (Person("Elena Ortiz", "candidate", (Role.CANDIDATE,), "Level 3 candidate, exam open now"), 3, ""),
    (Person("Marisol Vigil", "candidata", (Role.CANDIDATE,), "Level 3, Spanish", "es"), 3, ""),
    (Person("Jonah Redfeather", "candidate4", (Role.CANDIDATE,), "Level 4 Clinical, with extra time"), 4, "clinical"),
    (Person("Winifred Achebe", "candidate4p", (Role.CANDIDATE,), "Level 4 Policy"), 4, "policy"),
    (Person("Soren Halvorsen", "candidate4r", (Role.CANDIDATE,), "Level 4 Research Faculty"), 4, "research_faculty"),
)

# Not registered yet: one may be, one still waits for the portfolio review.
WAITING = (
    (Person("Mateo Silva", "mateo.silva", (Role.CANDIDATE,)), 3, "", True),
    (Person("Cora Blackwood", "cora.blackwood", (Role.CANDIDATE,)), 4, "clinical", False),
)


@dataclass(frozen=True)
class PastCandidate:
    """A candidate of the past administration: how able in Part One (chance of a right answer), how good the essays."""

    name: str
    level: int
    track: str
    ability: float
    essays: str
    fate: str = "sat"

    @property
    def person(self) -> Person:
        mailbox = self.name.lower().replace(" ", ".").replace("'", "")
        plain = mailbox.translate(str.maketrans("áéíóúñü", "aeiounu"))
        return Person(self.name, plain, (Role.CANDIDATE,))


PAST = (
    PastCandidate("Adela Romero", 3, "", 0.93, "strong"),
    PastCandidate("Benedict Tsosie", 3, "", 0.88, "strong"),
    PastCandidate("Camille Duarte", 3, "", 0.90, "strong"),
    PastCandidate("Delphine Marsh", 3, "", 0.86, "adequate"),
    PastCandidate("Esteban Lucero", 3, "", 0.92, "strong", "laptop"),
    PastCandidate("Fiona Begaye", 3, "", 0.66, "strong"),
    PastCandidate("Gideon Pacheco", 3, "", 0.89, "strong"),
    PastCandidate("Hannah Kowalski", 3, "", 0.94, "strong"),
    PastCandidate("Inés Trujillo", 3, "", 0.87, "strong"),
    PastCandidate("Jerome Atencio", 3, "", 0.62, "weak"),
    PastCandidate("Katya Romanova", 3, "", 0.91, "strong"),
    PastCandidate("Leopold Chee", 3, "", 0.88, "strong"),
    PastCandidate("Maribel Gurulé", 3, "", 0.90, "strong", "no_show"),
    PastCandidate("Nadia Haddad", 3, "", 0.93, "strong"),
    PastCandidate("Octavio Serna", 4, "clinical", 0.95, "strong"),
    PastCandidate("Philippa Drummond", 4, "clinical", 0.90, "strong"),
    PastCandidate("Quentin Naranjo", 4, "clinical", 0.87, "adequate"),
    PastCandidate("Raquel Benavidez", 4, "clinical", 0.92, "strong"),
    PastCandidate("Silas Montgomery", 4, "clinical", 0.89, "strong", "void"),
    PastCandidate("Thandiwe Moyo", 4, "policy", 0.91, "strong"),
    PastCandidate("Ursula Griego", 4, "policy", 0.70, "adequate"),
    PastCandidate("Valentín Chávez", 4, "policy", 0.93, "strong"),
    PastCandidate("Wren Castillo", 4, "research_faculty", 0.94, "strong"),
    PastCandidate("Xiomara Peña", 4, "research_faculty", 0.90, "strong"),
)

# Has sat Part One of the administration that is open now, and lost the connection before its end.
LATE = PastCandidate("Gloria Etsitty", 3, "", 0.85, "adequate")


def add_people(session: Session, *, at: datetime) -> dict[str, User]:
    """Create every account; returns them by mailbox. Past candidates share the password, hashed once."""
    everybody = [*STAFF, *(entry[0] for entry in (*CURRENT, *WAITING)), *(past.person for past in (*PAST, LATE))]
    password_hash = hash_password(PASSWORD)
    users = {}
    for person in everybody:
        user = create_user(
            session,
            email=person.email,
            name=person.name,
            roles=set(person.roles),
            by=None,
            at=at,
            locale=person.locale,
            is_demo=True,
        )
        user.password_hash = password_hash
        users[person.mailbox] = user
    return users
