"""What the room says to a candidate. The room writes them (proctoring/messages.py); candidates read them."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from examapp.delivery.models import RoomMessage
from examapp.registration.models import Registration


def messages_to(session: Session, registration: Registration) -> list[RoomMessage]:
    """To this candidate, or to everybody since they are registered; the oldest first."""
    return list(
        session.scalars(
            select(RoomMessage)
            .where(
                RoomMessage.administration_id == registration.administration_id,
                or_(RoomMessage.registration_id == registration.id, RoomMessage.registration_id.is_(None)),
                RoomMessage.at >= registration.registered_at,
            )
            .order_by(RoomMessage.id)
        )
    )
