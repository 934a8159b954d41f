"""The file of a mail server, as the operator is shown it."""

import shutil
from pathlib import Path

from services.arrears.letters import mail_server

EXAMPLE = Path(mail_server.__file__).with_name("mail-example.toml")


def test_the_example_that_is_shipped_can_be_used(tmp_path):
    shutil.copy(EXAMPLE, tmp_path / mail_server.FILE)

    server = mail_server.mail_server(tmp_path)

    assert (server.host, server.port, server.tls) == ("smtp.example.be", 587, "starttls")
    assert server.sender_of("habitat") == "loyers@habitat.example.be"
    assert server.sender_of("another") == "loyers@example.be"
    assert server.by_itself == {"habitat"}
