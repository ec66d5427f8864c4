"""The acts of the register that need approval. A new one is a `Subject` and a line here (docs/approvals.md)."""

from daicho.access.approvals.subject import Book, Subject
from daicho.register.approvals.backup import BackupTakeOut
from daicho.register.approvals.batch_files import BatchFiles
from daicho.register.approvals.disposal import Disposal
from daicho.register.approvals.officers import officer_today
from daicho.register.approvals.take_over import TakeOverFile

_SUBJECTS: tuple[Subject, ...] = (TakeOverFile(), Disposal(), BatchFiles(), BackupTakeOut())

BOOK = Book({subject.key: subject for subject in _SUBJECTS}, officer_today)
