"""What nobody sends by accident: refused in words, nothing kept of it, the service still up."""

import socket
import threading
from contextlib import suppress

import pytest
import uvicorn

from services.chassis.imports import rename_header
from services.chassis.serving import HEAD_BYTES_MAX, BoundedHead


@pytest.mark.parametrize("name", ["a" * 300, ".hidden", "é.css"])
def test_a_strange_name_of_a_file_is_not_found(desk, name):
    assert desk.browser().client.get(f"/static/{name}").status_code == 404


@pytest.mark.parametrize("charset", ["undefined", "punycode", "idna", "no-such"])
def test_a_form_in_a_strange_encoding_is_refused(desk, charset):
    body = b'--x\r\ncontent-disposition: form-data; name="code"\r\n\r\n\xff\r\n--x--\r\n'
    kind = f"multipart/form-data; boundary=x; charset={charset}"

    answer = desk.browser().client.post("/sign-in", content=body, headers={"content-type": kind})

    assert 400 <= answer.status_code < 500


def test_the_same_key_for_another_query_is_told(desk):
    path = f"/api/{desk.company}/dwellings"
    officer, key = desk.program(), {"idempotency-key": "one-key"}
    dwelling = {"reference": "L9", "registered_on": "2020-01-01"}
    first = officer.post(path, json=dwelling, headers=key)

    other = officer.post(f"{path}?another=1", json=dwelling, headers=key)

    assert first.status_code == 201
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")


def test_a_name_is_the_same_however_its_accents_are_typed(desk):
    program, path = desk.program(), f"/api/{desk.company}/dwellings"
    composed, apart = "É1", "E\u03011"
    answers = [
        program.post(path, json={"reference": text, "registered_on": "2020-01-01"})
        for text in (composed, apart)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]


def test_a_header_keeps_its_quotes():
    content = b'bail;"note; libre"\nB1;x\n'

    assert rename_header(content, {"bail": "lease"}) == b'lease;"note; libre"\nB1;x\n'


def test_of_a_file_of_wrong_lines_the_first_thousand_are_told(desk):
    program, path = desk.program(), f"/api/{desk.company}/imports"
    lines = "".join(f"B{n};NONE;2026-01-01;1;0;X\n" for n in range(1_200))
    leases = f"reference;dwelling;start_on;rent;charges;name\n{lines}".encode()
    unread = b"reference;bedrooms\n" + b"D;many\n" * 1_200

    judged = program.post(f"{path}/leases?dry_run=1", content=leases).json()["refused"]
    cut_off = program.post(f"{path}/dwellings?dry_run=1", content=unread).json()["refused"]

    assert (len(judged), len(cut_off)) == (1_001, 1_001)
    assert judged[-1]["reason"] == "Et 200 autres remarques."
    assert cut_off[-1]["reason"].startswith("Trop de refus")


def test_what_is_typed_in_place_of_a_company_is_not_logged(desk, caplog):
    with caplog.at_level("INFO", logger="referent"):
        desk.browser().client.get("/Jeanne%20Lambert/leases")
        desk.browser().get("leases")

    told = [record.__dict__.get("facts", {}).get("company") for record in caplog.records]
    assert desk.company in told
    assert not any("Lambert" in str(company) for company in told)


def test_headers_without_end_are_cut_off():
    config = uvicorn.Config(_answer, http=BoundedHead, port=0, log_level="error", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            assert _asked(listening, 0).startswith(b"HTTP/1.1 200")
            assert _asked(listening, 4 * HEAD_BYTES_MAX).startswith(b"HTTP/1.1 400")
            assert _asked(listening, 0, body=2 * HEAD_BYTES_MAX).startswith(b"HTTP/1.1 200")
        finally:
            server.should_exit = True
            thread.join(timeout=20)


async def _answer(scope, receive, send):
    if scope["type"] == "http":
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def _asked(listening, header_bytes, body=0):
    with socket.create_connection(listening.getsockname(), timeout=20) as client:
        head = f"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: {body}\r\nx: ".encode()
        with suppress(BrokenPipeError, ConnectionResetError):
            client.sendall(head + b"a" * header_bytes + b"\r\n\r\n" + b"b" * body)
        try:
            return client.recv(100)
        except ConnectionResetError:
            return b"HTTP/1.1 400 (cut off before it was read)"
