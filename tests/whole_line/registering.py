"""The candidate's file passes the gate, and the candidate is registered."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.whole_line.authoring import FORM
from tests.whole_line.cast import Cast
from tests.whole_line.visitor import Visitor

TITLE = "First sitting"
# Arizona's clocks are never changed, so every local time there exists, and exists once.
ZONE = "America/Phoenix"


def open_file(administrator: Visitor, candidate: Visitor) -> str:
    """The number of the candidate's new endorsement file."""
    administrator.visit("/")
    administrator.follow("1 candidate has no file yet")
    administrator.choose({"Candidate": f"{candidate.name} ({candidate.email})"})
    administrator.field("Level and track").select_option(value="3/")
    administrator.press("Open the file")
    administrator.sees("is open.", candidate.name)
    return administrator.page.url.rpartition("/")[2]


def announce(administrator: Visitor) -> str:
    """A proctored administration that has been open for an hour: its address."""
    here = datetime.now(ZoneInfo(ZONE))
    administrator.visit("/administrations/open")
    administrator.write(
        {
            "Title": TITLE,
            "Opens": f"{here - timedelta(hours=1):%Y-%m-%dT%H:%M}",
            "Closes": f"{here + timedelta(hours=9):%Y-%m-%dT%H:%M}",
        }
    )
    administrator.choose({"Sealed form": FORM})
    administrator.field("Time zone of the window").select_option(value=ZONE)
    administrator.tick("A proctor admits the candidates")
    administrator.press("Announce")
    administrator.sees(f"“{TITLE}” is announced.")
    return administrator.page.url


def register(cast: Cast, file: str, administration: str) -> str:
    """The gate is closed, then opened by two reviews of two people; the code of the registration."""
    administrator, candidate = cast.administrator, cast.candidate
    administrator.visit(f"{administration}/register")
    administrator.sees("Level 1 of the portfolio review is not recorded as met.")
    record_review(administrator, file, "first", reviewer=cast.reviewer.name)
    record_review(administrator, file, "second", reviewer=cast.reviewer.name)
    administrator.sees("The two levels need two different people.")
    record_review(administrator, file, "second", reviewer=cast.author.name)
    administrator.visit(f"{administration}/register")
    administrator.sees("May register")
    administrator.press(f"Register {candidate.name}")
    administrator.sees(f"{candidate.name} is registered and is told by mail.")
    return administrator.page.url.rpartition("/")[2]


def record_review(administrator: Visitor, file: str, level: str, reviewer: str) -> None:
    day = datetime.now(UTC).date() - timedelta(days=2)
    administrator.visit(f"/files/{file}")
    administrator.follow(f"Record Portfolio review, {level} level")
    administrator.choose({"State": "Met", "Reviewer": reviewer})
    administrator.write({"Date": day.isoformat()})
    administrator.press("Record")


def grant_extra_time(administrator: Visitor) -> None:
    """On the page of the registration: half as much again."""
    administrator.follow("Grant an accommodation")
    administrator.choose({"Time": "Time and a half"})
    administrator.write({"What it rests on": "The letter of her physician, seen on file."})
    administrator.press("Grant an accommodation")
    administrator.sees("The accommodation is granted", "2 h 15 min")
