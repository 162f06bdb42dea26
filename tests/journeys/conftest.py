"""A clerk at a keyboard: a real browser, key events only, and what holds for every page."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright
from playwright.sync_api import TimeoutError as NotInTime

import town
from conftest import Live
from daicho.access import clock
from daicho.access.acting import terminals_of
from daicho.access.permits import permit
from daicho.certificates.font import font_dir
from daicho.register import importing
from daicho.site.commands.test import CHROMIUM
from journeys.watching import SCREENS as ANSWERS
from journeys.watching import Watch, Watched, nowhere
from people import Player
from searching_everything import Files

ROOT = Path(__file__).parents[2]
AXE = (ROOT / "tests/vendor/axe-core-4.14.1/axe.min.js").read_text("utf-8")
SCREENS = ROOT / "docs/screens"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
# Of such lists the last counts, so Playwright's own names stand here too. The last three are
# ours: a popup below the address bar that no page shows, and a process held ready for a page of
# another site, cost every browser as much as the page itself.
_WITHOUT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,"
    "ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,OptimizationHints,"
    "NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch,"
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess"
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    f"--disable-features={_WITHOUT}",
]
SMALL = {"width": 640, "height": 360}
ORDINARY = {"width": 1280, "height": 800}
TABS_MAX = 60
GLANCE_MS = 2_000

# The machine's own fonts come first; where none of them is Japanese, that of the forms draws it.
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""

_FOCUS = "selector => document.activeElement.matches(selector)"
# A page puts the cursor where it is wanted when it is drawn for the first time, just before this.
_DRAWN = "() => new Promise(done => requestAnimationFrame(done))"

_AT_END = "() => scrollY + innerHeight >= document.documentElement.scrollHeight - 1"

# Without the selectors of what was found, which nobody reads and which take a fifth of the time.
_AXE_RUN = """tags => axe.run(document,
    {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], selectors: false})
  .then(result => result.violations.map(v => [v.id, v.nodes.map(n => n.html)]))"""

_OUTSIDE = """() => {
  const width = document.documentElement.clientWidth;
  const shown = [...document.querySelectorAll('a, button, input:not([type=hidden]), select')]
    .filter(one => one.checkVisibility() && !one.matches('.skip'));
  const boxes = shown.map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()]);
  const outside = boxes.filter(([, b]) => b.left < 0 || b.right > width || b.top + scrollY < 0);
  const small = boxes.filter(([, b]) => b.width < 24 || b.height < 24)
    .filter(([html]) => !html.startsWith('<a '));
  return {
    sideways: document.documentElement.scrollWidth - width,
    outside: outside.map(([html]) => html),
    small: small.map(([html]) => html),
  };
}"""


@dataclass
class Clerk:
    """A person at the keyboard: types, presses keys, reads what stands on the page."""

    page: Page
    live: Live
    outside: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def open(self, address: str) -> None:
        """Type an address into the browser's own bar (outside the page)."""
        self.page.goto(self.live.url + address)
        self._see()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def go_back(self) -> None:
        """The browser's own Alt+←, which a browser without a window does not have."""
        self.page.go_back()
        self._see()

    def press_and_wait(self, key: str) -> None:
        """Press a key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self._see()

    def _see(self) -> None:
        """Nobody types before the page is drawn; what is typed before that is lost."""
        self.page.evaluate(_DRAWN)

    def tab_to(self, selector: str, key: str = "Tab") -> None:
        """Press Tab until the focus stands on `selector`, as a person looks for a control."""
        for _ in range(TABS_MAX):
            if self.page.evaluate(_FOCUS, selector):
                return
            self.press(key)
        raise AssertionError(f"{selector} is not reached with Tab")

    def focus_is_on(self, selector: str) -> bool:
        """Does the focus stand there, or come there while a person looks?"""
        try:
            self.page.wait_for_function(_FOCUS, arg=selector, timeout=GLANCE_MS)
        except NotInTime:
            return False
        return True

    def reads(self) -> str:
        """The text that a person sees on the page."""
        return self.page.inner_text("body")

    def sign_in(self, player: Player) -> None:
        self.open("/sign-in")
        assert self.focus_is_on("#id_login")
        self.type(player.login)
        self.press("Tab")
        self.type(player.password)
        self.press_and_wait("Enter")

    def sit_down_by_keys(self, player: Player) -> None:
        """Sign in and take the first terminal of the office."""
        self.sign_in(player)
        assert self.focus_is_on("[name=terminal]")
        self.press("Space")
        self.press_and_wait("F8")

    def sit_down(self, player: Player) -> None:
        """Be there, as `sit_down_by_keys` leaves this browser and the database."""
        way = Client()
        typed = {"login": player.login, "password": player.password}
        first = terminals_of(player.operator)[0].code
        for address, form in (("/sign-in", typed), ("/terminal", {"terminal": first})):
            assert way.post(address, form).status_code == 302, address
        own = {"url": self.live.url, "httpOnly": True, "sameSite": "Strict"}
        cookies = [{"name": one.key, "value": one.value, **own} for one in way.cookies.values()]
        self.page.context.add_cookies(cookies)  # type: ignore[arg-type]  # plain dicts
        self.open("/")
        assert self.page.url == f"{self.live.url}/"

    def is_sound(self, name: str, *, pictured: bool = True, at_end: bool = False) -> None:
        """The page passes the accessibility rules, fits a small window, and prints nothing.

        `at_end`: its pictures are of the end of the page, where what matters stands.
        """
        if pictured:
            self._photograph(name, at_end=at_end)
        self.page.evaluate(AXE)
        found: list[Any] = self.page.evaluate(_AXE_RUN, RULES)
        assert found == [], name
        self.page.set_viewport_size(SMALL)  # type: ignore[arg-type]  # a plain dict
        assert self.page.evaluate(_OUTSIDE) == {"sideways": 0, "outside": [], "small": []}, name
        if pictured:
            self._photograph(f"{name}-640x360", at_end=at_end)
        self._prints_nothing(name)
        self.page.set_viewport_size(ORDINARY)  # type: ignore[arg-type]  # a plain dict
        assert self.outside == [], "a request left the server's origin"
        assert self.troubles == [], "the browser's console complains"

    def _prints_nothing(self, name: str) -> None:
        # What is hidden loses the focus: it is given back afterwards.
        focus = self.page.evaluate_handle("document.activeElement")
        self.page.emulate_media(media="print")
        assert self.reads().strip() == "", f"{name} prints something"
        self.page.emulate_media(media="screen")
        focus.evaluate("element => element.focus()")

    def _photograph(self, name: str, *, at_end: bool) -> None:
        if os.environ.get("DAICHO_SCREENS") == "1":
            if at_end:
                self.press("End")
                self.page.wait_for_function(_AT_END)
            SCREENS.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=SCREENS / f"{name}.png")


@pytest.fixture(scope="package")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The browser's list of fonts, so that pictures never are boxes."""
    file = tmp_path_factory.mktemp("fonts") / "fonts.conf"
    cache = escape(str(file.with_name("cache")))
    file.write_text(FONTS.format(fonts=escape(str(font_dir())), cache=cache), "utf-8")
    return str(file)


def _browser() -> str:
    """The browser that draws no window; where only the ordinary one is there, that."""
    return CHROMIUM if Path(CHROMIUM).exists() else "/usr/bin/chromium"


@pytest.fixture(scope="package")
def chromium(fonts: str) -> Iterator[Browser]:
    """Debian's browser, without a window."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's own loop runs in this thread; no code of ours does.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        seen: dict[str, str | float | bool] = {**os.environ, "FONTCONFIG_FILE": fonts}
        browser = playwright.chromium.launch(executable_path=_browser(), args=FLAGS, env=seen)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def own_keys(
    own_keys: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, str]:
    """The live counter has a folder of its own for what it writes for a while; the font, which it
    would unpack there, stands where that of this process is. Every extension is on."""
    folder = str(tmp_path_factory.mktemp("while"))
    residents = tmp_path_factory.mktemp("residents")
    return {
        **own_keys,
        "TMPDIR": folder,
        "DAICHO_FONT_CACHE": str(font_dir().parent),
        "DAICHO_EXTENSIONS": "all",
        "DAICHO_RESIDENT_CA": str(residents / "published" / "resident_ca.pem"),
    }


@pytest.fixture(scope="session")
def files() -> Files:
    """What the counters of this worker wrote, and how far it was read."""
    return Files()


@pytest.fixture
def live(live: Live, own_keys: Mapping[str, str], files: Files) -> Iterator[Watched]:
    """The counter; when a journey ends, the numbers that it brought in are found nowhere."""
    watched = Watched(**vars(live), watch=Watch())
    yield watched
    nowhere(watched, Path(own_keys["TMPDIR"]), files)


@pytest.fixture
def clerk(chromium: Browser, live: Watched) -> Iterator[Clerk]:
    """A browser that stands before the sign-in page of a live counter."""
    with _at_a_browser(chromium, live) as someone:
        yield someone


@pytest.fixture
def colleague(chromium: Browser, live: Watched) -> Iterator[Clerk]:
    """Another browser before the same counter."""
    with _at_a_browser(chromium, live) as someone:
        yield someone


@pytest.fixture
def lines() -> list[town.Line]:
    """Who lives in the town: 花子 and 太郎, her grown-up son; a module may say otherwise."""
    return [town.hanako(), town.taro(born_on="2005-10-10")]


@pytest.fixture
def family(live: Live, lines: list[town.Line], tmp_path: Path) -> Live:
    """The residents are in the register of the live counter."""
    moving = permit(live.cast.system_operator.acting(), "data.migration", clock.today())
    file = town.write(tmp_path, lines)
    importing.run(moving, file, ward=town.WARD, trial=False, keep_refusals=lambda _: None)
    return live


@pytest.fixture
def at_the_counter(clerk: Clerk, family: Live) -> Clerk:
    """A clerk who sits at a counter of a town with a few residents."""
    clerk.sit_down(family.cast.clerk)
    return clerk


@contextmanager
def _at_a_browser(chromium: Browser, live: Live) -> Iterator[Clerk]:
    watch = live.watch if isinstance(live, Watched) else Watch()
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder) / "exchanges.har"
        context = chromium.new_context(
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            record_har_path=recording,
            record_har_url_filter=ANSWERS,
        )
        context.on("request", lambda request: watch.address(request.url))
        context.on("console", lambda line: watch.message(line.text))
        yield _who_sits_down(context, live)
        watch.kept_by(context, live.url)
        context.close()
        watch.exchanges(recording)


def _who_sits_down(context: BrowserContext, live: Live) -> Clerk:
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.set_viewport_size(ORDINARY)  # type: ignore[arg-type]  # a plain dict
    someone = Clerk(page, live)

    def note(request: Request) -> None:
        if not request.url.startswith(live.url + "/"):
            someone.outside.append(request.url)

    page.on("request", note)
    page.on("console", lambda line: _complain(someone, line.type, line.text))
    page.on("pageerror", lambda error: someone.troubles.append(str(error)))
    return someone


def _complain(someone: Clerk, kind: str, text: str) -> None:
    # The browser notes each answer of 4xx and 5xx by itself; those are asked for here.
    if kind == "error" and "Failed to load resource" not in text:
        someone.troubles.append(text)
