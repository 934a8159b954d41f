"""Our colours in the place of the components' own; tests hold the contrast of each pair."""

INK = "#1c2b2d"
PAPER = "#fff"
MUTED = "#4a585b"
PETROL = "#1f5f7a"
GREEN = "#2f6b4f"
RED = "#ad3428"
SAND = "#ffd98a"
MIST = "#f1f5f4"

COLOURS = {
    "#0b0c0c": INK,
    "#505a5f": MUTED,
    "#b1b4b6": "#aebabb",
    "#f3f2f1": MIST,
    "#dbdad9": "#d9e0df",
    "#c1c3c5": "#c0c9ca",
    "#929191": "#8b9798",
    "#2e3133": "#2c3a3c",
    # Focus: dark text on sand, with a dark line below.
    "#fd0": SAND,
    # Links, and what is made of their shades.
    "#1d70b8": PETROL,
    "#003078": "#123f52",
    "#4c2c92": "#5a4a86",
    "#1a65a6": "#1b556d",
    "#144e81": "#17495d",
    "#0c2d4a": "#0f323f",
    "#1d8feb": "#2b7f9f",
    "#8eb8dc": "#8fb9c6",
    "#bbd4ea": "#bcd5dc",
    "#d2e2f1": "#d1e3e9",
    "#e8f1f8": "#e7f1f4",
    "#f4f8fb": "#f3f8f9",
    "#00ffe0": PETROL,
    # The primary act.
    "#00703c": GREEN,
    "#005a30": "#25563f",
    "#004e2a": "#1f4a37",
    "#002d18": "#16352a",
    # Errors and acts that destroy.
    "#d4351c": RED,
    "#aa2a16": "#8f2c22",
    "#942514": "#7c261d",
    "#55150b": "#471510",
}
