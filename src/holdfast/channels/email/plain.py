"""Plain text made from HTML, for readers that show no HTML and for those that trust none without.

    <h1>Welcome</h1>           Welcome
                               =======
    <p>Hi <b>Ann</b></p>       Hi Ann
    <a href="https://…">x</a>  x (https://…)
    <li>one</li>               - one

What people do not see (scripts, styles, the head, comments) is left out. Whatever the HTML is like,
a text comes out; one pass, and no more memory than the HTML needs.
"""

import re
from html.parser import HTMLParser

_UNSEEN = {"script", "style", "head", "title", "template", "noscript", "svg", "object", "iframe"}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt",
    "fieldset", "figure", "footer", "form", "header", "html", "main", "nav", "ol", "p", "pre",
    "section", "table", "tbody", "tfoot", "thead", "ul",
}  # fmt: skip
_APART = {"p", "ol", "ul", "table", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"}
_HEADINGS = {"h1": "=", "h2": "-"}
_SPACE = re.compile(r"[ \t\r\n\f]+")
_LINKS = ("http://", "https://", "mailto:", "tel:")
_RULE = "-" * 40
_DEEPEST = (
    20  # lists in lists, what is not seen in what is not seen; deeper ones count as this deep
)


def plain(html: str) -> str:
    """The text of some HTML. Never raises."""
    reader = _Reader()
    reader.feed(_closed(_without_comments(html)))
    reader.close()
    return reader.text()


def _without_comments(html: str) -> str:
    """One that is never closed goes on to the end, as browsers have it."""
    kept, at = [], 0
    while (start := html.find("<!--", at)) >= 0:
        kept.append(html[at:start])
        end = html.find("-->", start + 4)
        if end < 0:
            return "".join(kept)
        at = end + 3
    return "".join([*kept, html[at:]])


def _closed(html: str) -> str:
    """A tag that does not end before the next one begins is a mere sign.

    The parser would look for its end up to the end of all, again for each of them.
    """
    first, *others = html.split("<")
    return first + "".join([("<" if ">" in piece else "&lt;") + piece for piece in others])


class _Reader(HTMLParser):
    """Collects lines; what is between two tags is one run of words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._unseen: list[str] = []
        self._lists: list[int | None] = []  # the next number, or None where points have none
        self._link: tuple[str, int] | None = None  # the one that is open, and where its words begin
        self._preformatted = 0
        self._bullet = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _UNSEEN:
            self._unseen = [*self._unseen, tag][:_DEEPEST]
        elif self._unseen:
            return
        elif tag == "br":
            self._end_line()
        elif tag == "hr":
            self._block(apart=True)
            self._lines += [_RULE, ""]
        elif tag == "img":
            self._add(given.get("alt") or "")
        elif tag == "a":
            self._close_link()  # one in another ends it
            self._link = (given.get("href") or "").strip(), len(self._line)
        elif tag == "li":
            self._point()
        elif tag in {"td", "th"}:
            self._add(" ")
        elif tag == "tr" or tag in _BLOCKS or tag in _APART:
            self._open(tag, given)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            if tag in self._unseen:
                del self._unseen[self._unseen.index(tag) :]
        elif self._unseen:
            return
        elif tag == "a":
            self._close_link()
        elif tag in _HEADINGS:
            self._underline(_HEADINGS[tag])
        elif tag in {"li", "tr"}:
            self._end_words()
        elif tag in _BLOCKS or tag in _APART:
            if tag in {"ol", "ul"} and self._lists:
                self._lists.pop()
            if tag == "pre" and self._preformatted:
                self._end_line()
                self._preformatted = max(self._preformatted - 1, 0)
            self._block(apart=tag in _APART and not self._lists)

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if self._preformatted:
            first, *others = data.split("\n")
            self._line.append(first)
            for line in others:
                self._end_line()
                self._line.append(line)
        else:
            self._add(data)

    def text(self) -> str:
        """What was collected, without more than one empty line in a row."""
        self._end_words()
        text = "\n".join(line.rstrip() for line in self._lines)
        return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"

    # ---------------------------------------------------------------- inside

    def _open(self, tag: str, given: dict[str, str | None]) -> None:
        self._block(apart=tag in _APART and not self._lists)
        if tag == "ul":
            self._lists.append(None)
        elif tag == "ol":
            start = given.get("start") or "1"
            self._lists.append(int(start) if start.isascii() and start.isdigit() else 1)
        elif tag == "pre":
            self._preformatted += 1

    def _point(self) -> None:
        self._end_words()
        number = self._lists[-1] if self._lists else None
        if self._lists and number is not None:
            self._lists[-1] = number + 1
        indent = "  " * min(len(self._lists) - 1, _DEEPEST)
        self._bullet = f"{indent}- " if number is None else f"{indent}{number}. "

    def _close_link(self) -> None:
        if self._link is None:
            return
        (url, start), self._link = self._link, None
        words = " ".join("".join(self._line[start:]).split())
        if url.lower().startswith(_LINKS) and url.partition(":")[2].lstrip("/") not in words:
            self._line.append(f" ({url})" if words else url)

    def _underline(self, mark: str) -> None:
        words = self._words()
        self._end_words()
        if words:
            self._lines.append(mark * min(len(words), 76))
        self._lines.append("")

    def _add(self, data: str) -> None:
        self._line.append(_SPACE.sub(" ", data))

    def _words(self) -> str:
        return _SPACE.sub(" ", "".join(self._line)).strip(" ")

    def _end_words(self) -> None:
        if self._words():
            self._end_line()
        self._line.clear()

    def _end_line(self) -> None:
        line = "".join(self._line).rstrip() if self._preformatted else self._words()
        self._lines.append(self._bullet + line)
        self._bullet = ""
        self._line.clear()
        if self._link is not None:
            self._link = self._link[0], 0

    def _block(self, *, apart: bool) -> None:
        self._end_words()
        if apart and self._lines and self._lines[-1]:
            self._lines.append("")
