"""Bar charts as SVG: how long modelbake takes in parts of what a peer takes."""

from xml.sax.saxutils import escape

WIDTH = 760
LEFT = 330
ROW = 30
FONT = 'font-family="sans-serif" font-size="13"'


def bars(title, rows):
    """A chart of (label, ratio, bar to reach)."""
    longest = max([1.2] + [max(ratio, bar) for _, ratio, bar in rows]) * 1.1
    scale = (WIDTH - LEFT - 70) / longest
    height = 70 + ROW * len(rows)
    one = LEFT + scale
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="12" y="24" {FONT} font-weight="bold">{escape(title)}</text>',
    ]
    for i, (label, ratio, bar) in enumerate(rows):
        parts += row(40 + ROW * i, scale, label, ratio, bar)
    parts += [
        f'<line x1="{one:.1f}" y1="34" x2="{one:.1f}" y2="{height - 26}" stroke="#333333"/>',
        f'<text x="{one:.1f}" y="{height - 10}" {FONT} text-anchor="middle">as long as the peer</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def row(y, scale, label, ratio, bar):
    color = "#2f7d4f" if ratio <= bar else "#b5651d"
    mark = LEFT + scale * bar
    return [
        f'<text x="{LEFT - 8}" y="{y + 16}" {FONT} text-anchor="end">{escape(label)}</text>',
        f'<rect x="{LEFT}" y="{y + 3}" width="{scale * ratio:.1f}" height="18" fill="{color}"/>',
        f'<line x1="{mark:.1f}" y1="{y}" x2="{mark:.1f}" y2="{y + 24}" stroke="#888888"'
        ' stroke-dasharray="3 2"/>',
        f'<text x="{LEFT + scale * ratio + 6:.1f}" y="{y + 16}" {FONT}>{ratio:.2f}</text>',
    ]
