"""Who may: cookies, tokens, codes, and the one decision."""

import stat
from dataclasses import replace

import pytest

from services.chassis.accounts import (
    Account,
    Role,
    access_code,
    ensure_accounts,
    read_accounts,
    session_key,
)
from services.chassis.companies import Company, Register
from services.chassis.identity import (
    ANYONE,
    SESSION_S,
    SIGNED_IN,
    Identity,
    TooManyAttempts,
    WrongCode,
    allow,
    mint_token,
    refuse_unless_loopback,
    rule_of,
)
from services.chassis.refusal import Malformed, NotAllowed, NotSignedIn, UnknownCompany
from services.chassis.settings import Settings, SettingsRefused
from services.chassis.signing_in import local

ALPHA = Company(slug="alpha", names={"fr": "Alpha"})
BETA = Company(slug="beta", names={"fr": "Beta"})
OFFICER = "intake-officer.alpha"


@pytest.fixture
def place(tmp_path):
    ensure_accounts(tmp_path, Register({"alpha": ALPHA}))
    return tmp_path


class Seconds:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_a_session_that_was_signed_out_is_over_in_every_process(place):
    here, elsewhere = Identity(place), Identity(place)
    kept, other = (here.sign_in(OFFICER, access_code(place)) for _ in range(2))
    assert elsewhere.who(kept, None).account.id == OFFICER

    here.end(here.who(kept, None).session)

    assert elsewhere.who(kept, None) is None
    assert elsewhere.who(other, None).account.id == OFFICER
    here.end("")
    assert elsewhere.who(other, None)


def test_every_company_gets_an_account_a_role_and_none_is_written_twice(place):
    register = Register({"alpha": ALPHA, "beta": BETA})

    made = ensure_accounts(place, register)
    again = ensure_accounts(place, register)

    accounts = read_accounts(place / "accounts.toml")
    assert [account.companies for account in made] == [("beta",)] * 6
    assert again == []
    assert accounts["operator"].companies == ("*",)
    assert accounts[OFFICER] == Account(OFFICER, "Accueil, Alpha", Role.INTAKE_OFFICER, ("alpha",))
    assert len(accounts) == 14


def test_what_was_edited_in_the_accounts_stays(place):
    path = place / "accounts.toml"
    path.write_text('[accounts.a1]\nname = "É"\nrole = "auditor"\ncompanies = ["alpha"]\n', "utf-8")

    made = ensure_accounts(place, Register({"alpha": ALPHA}))

    assert {account.role for account in made} == {Role.OPERATOR, Role.REGIONAL_AUTHORITY}
    assert read_accounts(path)["a1"].name == "É"


def test_an_account_that_cannot_be_read_is_named(place):
    (place / "accounts.toml").write_text(
        '[accounts.x]\nname = "X"\nrole = "king"\ncompanies = []\n'
    )

    with pytest.raises(SettingsRefused, match="« x »"):
        Identity(place).accounts.all()


def test_secrets_are_made_once_and_readable_by_us_alone(place):
    code, key = access_code(place), session_key(place)

    assert (access_code(place), session_key(place)) == (code, key)
    for name in ("access-code", "session.key"):
        assert stat.S_IMODE((place / "secrets" / name).stat().st_mode) == 0o600
    assert len(list((place / "secrets").glob(".*"))) == 0


def test_the_right_code_signs_in_as_the_chosen_account(place):
    identity = Identity(place)

    cookie = identity.sign_in(OFFICER, f" {access_code(place).upper()} ")

    found = identity.who(cookie, None)
    assert found.account.id == OFFICER
    assert found.session
    assert Identity(place).who(cookie, None) == found


def test_a_wrong_code_and_an_unknown_account_are_refused(place):
    identity = Identity(place)

    with pytest.raises(WrongCode):
        identity.sign_in(OFFICER, "wrong")
    with pytest.raises(Malformed):
        identity.sign_in("nobody", access_code(place))


def test_after_ten_wrong_codes_even_the_right_one_waits_for_a_minute(place):
    seconds = Seconds()
    identity = Identity(place, clock=seconds)
    for _ in range(10):
        with pytest.raises(WrongCode):
            identity.sign_in(OFFICER, "guess")

    with pytest.raises(TooManyAttempts):
        identity.sign_in(OFFICER, access_code(place))
    seconds.now = 60.0
    assert identity.sign_in(OFFICER, access_code(place))


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: "x" + t, lambda t: t.swapcase()])
def test_a_forged_cookie_or_token_is_nobodys(place, spoil):
    identity = Identity(place)
    cookie, token = identity.sign_in(OFFICER, access_code(place)), mint_token(place, OFFICER)

    assert identity.who(spoil(cookie), None) is None
    assert identity.who(None, f"Bearer {spoil(token)}") is None


def test_a_session_is_no_token_and_a_token_no_session(place):
    identity = Identity(place)
    cookie, token = identity.sign_in(OFFICER, access_code(place)), mint_token(place, OFFICER)

    assert identity.who(token, None) is None
    assert identity.who(None, f"Bearer {cookie}") is None
    assert identity.who(cookie, "Bearer wrong") is None
    assert identity.who(None, f"Bearer {token}").account.id == OFFICER


def test_a_session_and_a_token_end_when_their_time_is_up(place):
    identity = Identity(place)
    cookie, token = identity.sign_in(OFFICER, access_code(place)), mint_token(place, OFFICER)

    later = Identity(place, session_s=-1)

    assert SESSION_S == 12 * 3600
    assert later.who(cookie, None) is None
    assert later.who(None, f"Bearer {token}") is None


def test_an_account_that_was_taken_away_is_signed_in_no_more(place):
    identity = Identity(place)
    cookie = identity.sign_in(OFFICER, access_code(place))

    (place / "accounts.toml").write_text("")

    assert identity.who(cookie, None) is None


def test_nobody_may_what_takes_an_account():
    allow(ANYONE, None, "alpha")

    with pytest.raises(NotSignedIn):
        allow(SIGNED_IN, None, "alpha")


def test_the_role_decides_within_ones_own_company():
    officer = Account(OFFICER, "", Role.INTAKE_OFFICER, ("alpha",))
    allow(rule_of({Role.INTAKE_OFFICER}), officer, "alpha")
    allow(SIGNED_IN, officer, "alpha")

    with pytest.raises(NotAllowed):
        allow(rule_of({Role.MANAGER}), officer, "alpha")


def test_another_company_and_no_company_get_one_answer_whatever_the_role():
    officer = Account(OFFICER, "", Role.INTAKE_OFFICER, ("alpha",))
    answers = []
    for slug in ("beta", "nowhere"):
        for rule in (SIGNED_IN, rule_of({Role.MANAGER})):
            with pytest.raises(UnknownCompany) as refused:
                allow(rule, officer, slug)
            answers.append(refused.value.detail)

    assert len(set(answers)) == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.10", "::", "referent.example"])
def test_one_code_for_all_is_for_one_machine_alone(tmp_path, host):
    settings = Settings("intake", tmp_path, "embedded", "", "", "", "127.0.0.1", 1, {})
    refuse_unless_loopback(settings)

    with pytest.raises(SettingsRefused, match=r"127\.0\.0\.1"):
        refuse_unless_loopback(replace(settings, host=host))


@pytest.mark.parametrize(
    ("place", "leads"),
    [
        ("/alpha/leases?q=1", "/alpha/leases?q=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
        ("", "/"),
        ("/sign-in", "/"),
    ],
)
def test_signing_in_leads_to_this_site_alone(place, leads):
    assert local(place) == leads
