"""The id that ties everything done within one request together: HTTP request, command or batch."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""Set at the outermost edge (middleware, command line); letters and digits only, without meaning."""
