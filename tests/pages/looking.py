"""What a page looks like to somebody with a finger, a keyboard or a screen reader."""

from typing import Any

PRIMARY_PX, SMALLEST_PX = 44, 24
"""Heights of what is touched: a page's acts, and anything else (WCAG 2.2, 2.5.5 and 2.5.8)."""

FOUND = ("overflow", "unlabelled", "small", "scripts", "unspaced", "crooked", "overlapping")
SEEN = r"""([primary, smallest]) => {
  const shown = (e) => {
    const b = e.getBoundingClientRect();
    return b.width > 1 && b.height > 1 && e.checkVisibility();
  };
  const named = (e) => e.outerHTML.slice(0, 120);
  const wide = [...document.querySelectorAll("body *")].filter(
    (e) => shown(e) && e.getBoundingClientRect().right > innerWidth + 1
      && !e.closest(".ref-frame__services"));
  // A link within a sentence is as high as its line: 2.5.8 leaves it out.
  const inSentence = (e) => e.matches("p a") && e.closest("p").textContent.trim().length >
    e.textContent.trim().length;
  const acts = "button, .govuk-button, [data-label='À faire'] a, [data-label='Corriger'] a, "
    + ".ref-todo a, .ref-acts a, nav a, .ref-doors a";
  const touched = [...document.querySelectorAll("a, button, summary, select")].filter(shown);
  const textTop = (e) => {
    const texts = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
    const line = document.createRange();
    while (texts.nextNode()) {
      if (!texts.currentNode.data.trim() || !shown(texts.currentNode.parentElement)) continue;
      line.selectNode(texts.currentNode);
      return line.getClientRects()[0].top;
    }
  };
  const crooked = (row) => {
    const cells = [...row.cells].filter((e) => getComputedStyle(e).display === "table-cell");
    const tops = cells.map(textTop).filter((top) => top !== undefined);
    return Math.max(...tops) - Math.min(...tops) > 6;
  };
  const overlap = (e, f) => {
    const a = e.getBoundingClientRect(), b = f.getBoundingClientRect();
    return Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
      && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  };
  return {
    overflow: document.documentElement.scrollWidth > innerWidth ? wide.map(named) : [],
    headings: document.querySelectorAll("h1").length,
    title: document.title,
    lang: document.documentElement.lang,
    unlabelled: [...document.querySelectorAll("input, select, textarea")].filter(
      (e) => e.type !== "hidden" && !e.labels.length && !e.ariaLabel).map(named),
    small: touched.filter((e) => !inSentence(e) && e.getBoundingClientRect().height + 0.5 <
      (e.matches(acts) ? primary : smallest)).map(
      (e) => Math.round(e.getBoundingClientRect().height) + "px " + named(e)),
    crooked: [...document.querySelectorAll("tbody tr")].filter(crooked).map(
      (e) => e.innerText.slice(0, 80)),
    overlapping: touched.filter((e, place) => touched.slice(place + 1, place + 4).some(
      (f) => overlap(e, f))).map(named),
    scripts: document.querySelectorAll("script, [onclick], [onload], [style]").length,
    unspaced: document.body.innerText.match(/[^.…]{0,30}[a-zà-ÿ»)%€][;:?!](?=\s|$)/gm) || [],
  };
}"""


def faults(page: Any) -> list[Any]:
    """What is wrong with the page at its present width."""
    seen = page.evaluate(SEEN, [PRIMARY_PX, SMALLEST_PX])
    wrong: list[Any] = [(what, seen[what]) for what in FOUND if seen[what]]
    if seen["headings"] != 1:
        wrong.append(("h1", seen["headings"]))
    if not seen["title"].endswith(" – Référent") or seen["title"].startswith(" – "):
        wrong.append(("title", seen["title"]))
    if seen["lang"] != "fr":
        wrong.append(("lang", seen["lang"]))
    return wrong
