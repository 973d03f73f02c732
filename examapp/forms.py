"""Forms inside of forms."""

from flask_wtf import FlaskForm
from wtforms import Form


class PartForm(Form):
    """A row of a form, or another part of one: what it says about mistakes is in the reader's language too."""

    class Meta(FlaskForm.Meta):
        csrf = False  # the whole form has the token
