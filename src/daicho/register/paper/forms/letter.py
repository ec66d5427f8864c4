"""Letters: paragraphs without frame, boxes of labelled lines."""

from daicho.register.paper.forms.base import WIDTH, Design, Field, Form, Row

DESIGN = Design(letter=True)

PROSE = Form(
    rows=(Row((Field(item="text", width=WIDTH, label_width=0.0, size=11.0, prose=True),)),),
    framed=False,
    air=3.0,
    gap=2.0,
)

LINES = Form(
    rows=(Row((Field(item="lines", width=WIDTH, label_width=0.0, size=11.0),)),),
    air=5.0,
    gap=4.0,
)
