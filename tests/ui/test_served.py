"""The test server itself: a connection that says nothing, as browsers open them ahead, holds nobody up."""

import http.client
import socket
from urllib.parse import urlsplit


def test_a_silent_connection_holds_nobody_up(site: str) -> None:
    port = urlsplit(site).port
    assert port
    with socket.create_connection(("127.0.0.1", port)):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", "/style")
        assert connection.getresponse().status == 200
        connection.close()
