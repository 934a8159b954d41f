"""Our style sheet: the components of govuk-frontend in our own colours and a system font."""

import re
import zipfile
from pathlib import Path

from services.embedded.jars import fetch_jars
from services.embedded.palette import COLOURS
from services.embedded.refusals import EmbeddedError, unwritable

EXTRA = Path(__file__).with_name("extra.css")
_MEMBER = "dist/govuk/govuk-frontend.min.css"
_FONTS = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif'
_NOTICE = (
    '@charset "UTF-8";\n'
    "/* Made from govuk-frontend (MIT licence, Copyright Crown Copyright, Government Digital "
    "Service), with its fonts, crest and colours replaced. */\n"
)
# The crest, the crown and the typeface are the mark of another government.
_DROPPED = (
    r'@charset "UTF-8";',
    r"@font-face\{[^}]*\}",
    r"/\*.*?\*/",
    r"[^{}]*(?:__copyright-logo|__crown|__logotype|govuk-logo)[^{}]*\{[^{}]*\}",
    r"@supports[^{}]*\{\s*\}",
    r"@media[^{}]*\{\s*\}",
)


def write_stylesheet(target: Path) -> None:
    """Write the whole style sheet as one file that asks for nothing from elsewhere.

    The jar it is taken from lies in the user's cache, else in jars/ beside target's folder.
    Refuses: EmbeddedError without network on the first use, or when target cannot be written.
    """
    (jar,) = fetch_jars("pages", target.parent.parent)
    css = _NOTICE + restyled(_component_css(jar)) + "\n" + EXTRA.read_text("utf-8")
    draft = target.with_name(f"{target.name}.draft")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(css, "utf-8")
        draft.replace(target)
    except OSError as error:
        raise unwritable(target, error) from None


def restyled(css: str) -> str:
    """The components' rules without marks, fonts and addresses, in our colours."""
    for pattern in _DROPPED:
        css = re.sub(pattern, "", css, flags=re.DOTALL)
    css = css.replace("GDS Transport,arial,sans-serif", _FONTS)
    css = css.replace("rgba(11,12,12,.99)", COLOURS["#0b0c0c"])
    return re.sub(r"#[0-9a-f]{3,6}\b", lambda found: COLOURS.get(found[0], found[0]), css)


def _component_css(jar: Path) -> str:
    with zipfile.ZipFile(jar) as archive:
        for name in archive.namelist():
            if name.endswith(_MEMBER):
                return archive.read(name).decode("utf-8")
    raise EmbeddedError(
        f"{jar} holds no {_MEMBER}: the lock names another jar than the code reads."
    )
