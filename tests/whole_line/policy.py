"""The rules of this story's examination: the shipped ones, made small."""

from datetime import UTC, datetime, timedelta

from tests.whole_line.visitor import Visitor

ITEMS = 6


def make_examination_small(administrator: Visitor) -> None:
    """Six items, one essay of two, for Level 3 alone. In force since the day before yesterday, in every time zone."""
    administrator.visit("/policies/change")
    page = administrator.page
    administrator.field("Number of items").fill(str(ITEMS))
    for label in page.locator("label", has_text="Level 4,").all():
        label.click()
    for group in page.locator("details.edit-row").all():
        group.locator("summary").click()
        if group.locator("summary").inner_text().startswith("Level 4,"):
            administrator.tick("Remove this group", within=group)
        elif group.locator("summary").inner_text().startswith("Level 3"):
            group.get_by_label("To answer").fill("1")
            group.get_by_label("Offered").fill("2")
    start = datetime.now(UTC).date() - timedelta(days=2)
    administrator.write({"In force from": start.isoformat(), "Reason for the change": "A first, small examination."})
    administrator.press("Save as a new version")
    administrator.sees("Version 2 of the exam policy is saved.")
