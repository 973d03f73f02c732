"""A picture for the text of an item."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from examapp.authoring.forms.items import tidy


class PictureForm(FlaskForm):
    picture_file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file."))],
        description=_l("PNG, JPEG, GIF or WebP. Of a moving picture the first frame is kept."),
        render_kw={"accept": "image/png,image/jpeg,image/gif,image/webp"},
    )
    description = StringField(
        _l("Description"),
        [DataRequired(_l("Describe the picture.")), Length(max=1000)],
        filters=[tidy],
        description=_l("What somebody who cannot see the picture needs to know, without giving the key away."),
    )
