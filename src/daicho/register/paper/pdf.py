"""Opening finished papers: PDFium is not safe to use from two threads, so everybody who reads a paper takes turns here."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium

_turn = threading.Lock()


@contextmanager
def opened(pdf: bytes) -> Iterator[pdfium.PdfDocument]:
    """The document, for this thread alone, closed at the end with all its pages. Raises pdfium.PdfiumError."""
    with _turn:
        document = pdfium.PdfDocument(pdf)
        try:
            yield document
        finally:
            document.close()
