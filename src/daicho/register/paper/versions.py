"""What made a paper, kept with each issue: same versions and same view model give the same bytes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Versions:
    """`template`: digest of the template and the code that lays out; `engine` and `font`: names with versions."""

    template: str
    engine: str
    font: str
