"""Somebody at a browser: what they see, and what the page asked for behind their back."""

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page
from premises import Premises

from services.chassis.accounts import Role

TABLET, PHONE, SMALL_PHONE = 820, 375, 320
HEIGHT = 1100


class Tabs:
    """Tabs of a browser, each of a profile of its own, lent to one visitor after the other: to
    open one takes as long as to look at several pages.
    """

    def __init__(self, chromium: Browser) -> None:
        self.chromium = chromium
        self.free: dict[bool, list[Page]] = {True: [], False: []}

    def lend(self, *, scripts: bool) -> Page:
        if self.free[scripts]:
            return self.free[scripts].pop()
        context = self.chromium.new_context(
            java_script_enabled=scripts,
            viewport={"width": TABLET, "height": HEIGHT},
            locale="fr-BE",
        )
        context.set_default_timeout(30_000)
        return context.new_page()

    def take_back(self, page: Page, *, scripts: bool) -> None:
        """As it was when it was new; one that cannot be made so is not lent again."""
        page.goto("about:blank")
        page.context.clear_cookies()
        page.emulate_media(media="null")
        page.set_viewport_size({"width": TABLET, "height": HEIGHT})
        self.free[scripts].append(page)


class Visitor:
    """Somebody at a tab of their own, signed in as a role of a company, without scripts."""

    def __init__(
        self, tabs: Tabs, premises: Premises, role: Role | None, slug: str, *, scripts: bool = False
    ) -> None:
        self.premises = premises
        self.slug = slug
        self.tabs, self.scripts = tabs, scripts
        self.page: Page = tabs.lend(scripts=scripts)
        if role is not None:
            self._sign_in(role)
        self.asked_for: list[str] = []
        self.complaints: list[str] = []
        self.answers: list[int] = []
        self.heard: dict[Any, Any] = {
            "request": lambda request: self.asked_for.append(request.url),
            "console": self._listen,
            "pageerror": lambda error: self.complaints.append(str(error)),
            "requestfailed": lambda request: self.complaints.append(request.url),
        }
        for event, hear in self.heard.items():
            self.page.on(event, hear)

    def leave(self) -> None:
        for event, hear in self.heard.items():
            self.page.remove_listener(event, hear)
        self.tabs.take_back(self.page, scripts=self.scripts)

    def _sign_in(self, role: Role) -> None:
        session = self.premises.browser("front", role, self.slug).cookies["referent_session"]
        cookie = {"name": "referent_session", "value": session, "domain": "127.0.0.1", "path": "/"}
        self.page.context.add_cookies([cookie])

    def _listen(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def link(self, service: str) -> str:
        return str(self.premises.apps[service].state.frame.host.settings.links[service])

    def open(self, service: str, path: str) -> Any:
        """The answer to an address of a service: « /company/… »."""
        self.asked_for.clear()
        self.complaints.clear()
        return self.page.goto(self.link(service) + path)

    def go(self, service: str, path: str = "") -> Any:
        """The same for a path of the visitor's company."""
        return self.open(service, f"/{self.slug}/{path}".rstrip("/"))

    def strangers(self) -> list[str]:
        """Addresses asked for that are none of ours."""
        ours = {urlsplit(self.link(name)).netloc for name in self.premises.apps}
        return [url for url in self.asked_for if urlsplit(url).netloc not in ours | {""}]

    # What people do

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def told(self) -> str:
        """The text with plain spaces, however French sets them."""
        return self.text().replace("\u00a0", " ").replace("\u202f", " ")

    def title(self) -> str:
        return self.page.locator("h1").inner_text()

    def follow(self, name: str) -> None:
        """Click the link of this name, as it is read aloud, and wait for the page it leads to."""
        self.page.get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()

    def press(self, name: str) -> None:
        button = self.page.get_by_role("main").get_by_role("button", name=name)
        with self.page.expect_navigation():  # the page that is left has loaded long ago
            button.click()

    def type(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def choose(self, label: str) -> None:
        self.page.get_by_label(label, exact=True).check()

    def type_day(self, field: str, day: str) -> None:
        """A day written `2024-04-12` into the three fields of a date."""
        for part, text in zip(("year", "month", "day"), day.split("-"), strict=True):
            self.page.locator(f"#{field}-{part}").fill(str(int(text)))

    def row(self, text: str) -> Any:
        return self.page.locator("tbody tr", has_text=text).first

    def focused(self) -> str:
        """What the keyboard is at."""
        return str(self.page.evaluate("document.activeElement.innerText"))
