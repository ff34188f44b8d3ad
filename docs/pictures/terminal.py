#!/usr/bin/env python3
"""terminal.py COMMAND <OUTPUT >PICTURE.svg: what a terminal shows, as a picture with text in it."""
import re
import sys
from xml.sax.saxutils import escape

WIDTH, LINE, SIZE, LEFT, TOP = 8.1, 19, 13.5, 18, 46
COLOURS = {"1;31": "#ff7b72", "1;35": "#d2a8ff", "1;36": "#79c0ff", "1;32": "#7ee787"}
ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")
# What moves the cursor, and progress that was painted over.
OTHER = re.compile(r"\x1b\[[0-9;?]*[A-Za-ln-z]|\x1b[=>]")


def lines_of_output(text):
    for line in text.replace("\r\n", "\n").split("\n"):
        yield OTHER.sub("", line.split("\r")[-1]).rstrip()


def spans_of_line(line):
    """[(text, colour, bold)]"""
    colour, bold, spans, at = "#d0d7de", False, [], 0
    for match in list(ESCAPE.finditer(line)) + [None]:
        text = line[at:match.start()] if match else line[at:]
        if text:
            spans.append((text, colour, bold))
        if not match:
            break
        at, code = match.end(), match.group(1) or "0"
        if code == "0":
            colour, bold = "#d0d7de", False
        elif code == "1":
            bold = True
        elif code == "2":
            colour = "#8b949e"
        else:
            colour, bold = COLOURS.get(code, colour), True
    return spans


def wrapped(spans, columns):
    rows, used = [[]], 0
    for text, colour, bold in spans:
        while used + len(text) > columns:
            cut = text.rfind(" ", 0, columns - used + 1)
            cut = cut if cut > 0 else 0 if used > 4 else columns - used
            rows[-1].append((text[:cut], colour, bold))
            rows.append([("    ", colour, bold)])
            text, used = text[cut:].lstrip(), 4
        rows[-1].append((text, colour, bold))
        used += len(text)
    return rows


def main():
    columns = 112
    rows = [[("$ ", "#7ee787", True), (sys.argv[1], "#ffffff", True)]]
    for line in lines_of_output(sys.stdin.read()):
        rows += wrapped(spans_of_line(line), columns)
    while rows and not rows[-1]:
        rows.pop()
    width, height = int(columns * WIDTH + 2 * LEFT), TOP + len(rows) * LINE + 8
    print('<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">'
          % (width, height, width, height))
    print("<title>What %s says in a terminal</title>" % escape(sys.argv[1]))
    print('<rect width="100%" height="100%" rx="10" fill="#161b22"/>')
    for i, colour in enumerate(("#ff5f57", "#febc2e", "#28c840")):
        print('<circle cx="%d" cy="19" r="6" fill="%s"/>' % (LEFT + 4 + 20 * i, colour))
    print('<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace" '
          'font-size="%s">' % SIZE)
    for i, spans in enumerate(rows):
        column = 0
        for text, colour, bold in spans:
            if text.strip():
                indent = len(text) - len(text.lstrip())
                print('<text x="%.1f" y="%d" fill="%s"%s textLength="%.1f" lengthAdjust="spacingAndGlyphs">%s</text>'
                      % (LEFT + (column + indent) * WIDTH, TOP + i * LINE + 14, colour,
                         ' font-weight="700"' if bold else "", len(text.strip()) * WIDTH, escape(text.strip().replace(" ", "\u00a0"))))
            column += len(text)
    print("</g></svg>")


if __name__ == "__main__":
    main()
