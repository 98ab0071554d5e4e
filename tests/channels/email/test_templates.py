"""Templates: rendered once, in one language, with nothing missing and nothing let in or out."""

import asyncio
import email
import email.policy
import json
import sys

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast import ConfigError, Email, InvalidInput
from holdfast.channels.email import from_database, preview
from holdfast.channels.email.commands.send import send_email
from holdfast.channels.email.commands.templates import (
    delete_template,
    list_templates,
    preview_email,
    put_template,
    show_template,
)
from holdfast.channels.email.message import render, send
from holdfast.channels.email.plain import plain
from holdfast.channels.email.templates import Template, from_folder

FILES = {
    "welcome.subject": "Welcome, {{ name }}\n",
    "welcome.html": "{% extends '_layout.html' %}"
    "{% block body %}<p>Hi {{ name }}</p>{% endblock %}",
    "welcome.de.subject": "Willkommen, {{ name }}",
    "welcome.de.txt": "Hallo {{ name }}",
    "_layout.html": "<style>p {color: red}</style><h1>Shop</h1>{% block body %}{% endblock %}",
    "other.txt": "not of this template",
}
TO = {"to": "ann@example.com", "sender": "me@example.com"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with templates, named by the setting."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setenv("HOLDFAST_EMAIL_TEMPLATES", str(tmp_path))
    return tmp_path


def template(**texts):
    """A template t of some parts; __ stands for a dot."""
    return Template(
        "t", tuple((f"t.{part.replace('__', '.')}", text) for part, text in texts.items())
    )


def text(source, values=None):
    """What a text says."""
    return template(subject="s", txt=source).say(values or {}).text


def parsed(raw):
    """As a mail program reads it."""
    return email.message_from_bytes(raw, policy=email.policy.default)


@pytest.mark.parametrize(
    ("locale", "subject"),
    [(None, "Welcome, Ann"), ("de", "Willkommen, Ann"), ("de-AT", "Willkommen, Ann"),
     ("de_AT", "Willkommen, Ann"), ("fr-FR", "Welcome, Ann"), ("DE-de", "Willkommen, Ann"),
     ("pt-br", "Oi, Ann"), ("PT_br-xx", "Oi, Ann")],
)  # fmt: skip
def test_the_nearest_locale(folder, locale, subject):
    """de-AT, then de, then the default, in any capitals; all texts of an email are from one."""
    for part in ("subject", "html"):
        (folder / f"welcome.pt_BR.{part}").write_text("Oi, {% include '_name.html' %}")
    (folder / "_name.pt-br.html").write_text("{{ name }}")  # written in another way
    rendered = render(Email(**TO, template="welcome", values={"name": "Ann"}, locale=locale))
    message = parsed(rendered.raw)
    assert rendered.subject == message["Subject"] == subject
    assert (message.get_body(("html",)) is None) == subject.startswith("Will")


def test_text_is_made_from_html(folder):
    """Where a template has only HTML, a plain text goes along; values are escaped in HTML alone."""
    rendered = render(Email(**TO, template="welcome", values={"name": "<b>Ann & Co"}))
    message = parsed(rendered.raw)
    assert message["Subject"] == "Welcome, <b>Ann & Co"
    assert "Hi &lt;b&gt;Ann &amp; Co" in message.get_body(("html",)).get_content()
    said = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert said == "Shop\n====\n\nHi <b>Ann & Co\n"


def test_what_no_element_can_carry_stays_in_the_style():
    """Rules for small screens and for the pointer are not lost by inlining the others."""
    css = "p {color: red} @media (max-width: 9em) {p {color: blue}} a:hover {color: green}"
    html = f"<style>{css}</style><p>Hi</p>"
    said = template(subject="s", html=html).say({}, inline_css=True)
    assert '<p style="color: red;">' in said.html
    assert "@media (max-width: 9em)" in said.html and "a:hover" in said.html
    assert said.text == "Hi\n"


def test_css_is_inlined_when_asked(folder):
    """Styles go into the elements; what is linked is not fetched, neither file nor address."""
    said = preview("welcome", {"name": "Ann"}, inline_css=True)
    assert '<p style="color: red;">Hi Ann</p>' in said.html
    (folder / "x.css").write_text("p {color: blue}")
    link = f'<link rel="stylesheet" href="file://{folder}/x.css"><p>x</p>'
    assert "blue" not in template(subject="s", html=link).say({}, inline_css=True).html


def test_rendered_once(folder):
    """What the template becomes later does not matter to an email that was sent."""
    call = send(Email(**TO, template="welcome", values={"name": "Ann"}))
    (folder / "welcome.subject").write_text("Changed")
    assert call.args["p_subject"] == "Welcome, Ann"
    assert render(Email(**TO, template="welcome", values={"name": "A"})).subject == "Changed"


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("{{ nmae }}", "t.txt: 'nmae' is undefined; give it in values"),
        ("{{ a.b }}", "no attribute 'b'"),
        ("{% if nmae %}{% endif %}", "'nmae' is undefined"),
        ("{% for %}", "t.txt, line 1"),
        ("{% include '_no.txt' %}", "there is no '_no.txt'"),
        ("{% include '/etc/passwd' %}", "there is no '/etc/passwd'"),
        ("{% include 't.txt' %}", "includes or calls itself"),
        ("{{ 1 / 0 }}", "ZeroDivisionError"),
        ("{{ a }}", "use join, or a loop"),
    ],
)
def test_what_is_wrong_is_said_at_once(source, complaint):
    """The error names the file and what is missing; nothing is stored."""
    with pytest.raises(InvalidInput, match=complaint):
        text(source, {"a": {}})


def test_a_missing_variable_is_an_error_when_it_is_sent(folder):
    """And not when somebody reads 'Hello ,'."""
    with pytest.raises(InvalidInput, match="'name' is undefined"):
        send(Email(**TO, template="welcome"))


HOSTILE = [
    "{{ ''.__class__ }}", "{{ ''['__class__'] }}", "{{ ''|attr('__class__') }}",
    "{{ self.__init__ }}",
    "{{ range.__globals__ }}", "{% import 'os' as os %}{{ os.system }}", "{{ cycler.__init__ }}",
    "{{ a.pop() }}", "{{ a.append(1) }}", "{{ '{0.__class__}'.format(1) }}",
]  # fmt: skip
LOOP = "{%% set n = namespace(x=%s) %%}{%% for i in range(100) %%}%s{%% endfor %%}"
BOMBS = [
    "{{ 'x' * 1000000000 }}", "{{ 9 ** 9999999 }}", "{{ '%1000000000d' % 1 }}",
    "{{ '{:1000000000}'.format(1) }}", "{{ '{:{}}'.format(1, 1000000000) }}",
    "{{ '%1000000000d'|format(1) }}", "{{ '%*d'|format(1000000000, 1) }}",
    "{{ 'x'|center(1000000000) }}", "{{ 'x'.ljust(1000000000) }}", "{{ 'x'|indent(9999999999) }}",
    "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}",
    "{% for i in a %}{% for j in a %}{% for k in a %}{% endfor %}{% endfor %}{% endfor %}",
    "{% macro f(n) %}{% if n %}{{ f(n-1) }}{{ f(n-1) }}{% endif %}{% endmacro %}{{ f(40) }}",
    LOOP % ("'aaaa'", "{% set n.x = n.x ~ n.x %}"), LOOP % ("'aaaa'", "{% set n.x = n.x + n.x %}"),
    LOOP % ("'aaaa'", "{% set n.x = n.x|replace('a', n.x) %}"),
    LOOP % ("'aaaa'", "{% set n.x = n.x.replace('a', n.x) %}"),
    LOOP % ("'aaaa'", "{% set n.x = n.x.join(n.x) %}"), LOOP % ("[1]", "{% set n.x = n.x + n.x %}"),
    LOOP % ("[1]", "{% set n.x = [n.x, n.x] %}"), LOOP % ("[1]", "{% set n.x = (n.x, n.x) %}"),
    LOOP % ("[1]", "{% set n.x = {1: n.x, 2: n.x} %}"),
    LOOP % ("'aaaa'", "{% set n.x %}{{ n.x }}{{ n.x }}{% endset %}"),
    LOOP % ("99999", "{% set n.x = n.x * n.x %}"),
]  # fmt: skip


@pytest.mark.parametrize("source", HOSTILE + BOMBS)
def test_a_template_gets_out_of_nothing(source):
    """No attribute trick, and no more time and memory than an email needs."""
    with pytest.raises(InvalidInput, match=r"t\.txt"):
        text(source, {"a": list(range(100))})


def test_ordinary_templates_are_not_hindered():
    """Prices, lists of a few hundred rows, formats and filters."""
    rows = [{"n": i, "price": 123456} for i in range(300)]
    source = (
        "{% for r in rows %}{{ r.n }}: {{ '{:,.2f}'.format(r.price * 2) }} "
        "{{ r.price|default(99999) }}"
        "{% if not loop.last %}, {% endif %}{% endfor %}"
        "{{ rows|map(attribute='n')|list|join(', ') }} {{ 'x' ~ 1 }} {{ '%.2f'|format(3.14159) }}"
    )
    said = text(source, {"rows": rows})
    assert said.startswith("0: 246,912.00 123456, 1:") and said.endswith("299 x1 3.14")


def test_only_data_comes_in():
    """An object of the application, with whatever its methods do, is refused by its place."""

    class User:
        name = "Ann"

    for values, place in (({"user": User()}, "values.user"), ({"a": [User()]}, r"values.a\[0\]")):
        with pytest.raises(InvalidInput, match=f"{place}: text, numbers.*not User"):
            text("x", values)
    with pytest.raises(InvalidInput, match="keys of a mapping"):
        text("x", {"a": {1: 2}})


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"template": "no"}, "has no no.subject"),
        ({"template": "../welcome"}, "a name of a-z"),
        ({"template": 7}, "the name of one"),
        ({"template": "welcome", "text": "x"}, "give a template or these"),
        ({"template": "welcome", "values": [1]}, "a mapping"),
        ({"template": "welcome", "locale": "../de"}, "locale: a language"),
        ({"values": {"a": 1}, "text": "x", "subject": "s"}, "belong to one"),
        ({"template": template(txt="x")}, "t.subject is missing"),
        ({"template": template(subject="x")}, "t.txt or .html is missing"),
        ({"template": template(subject="a\0b", txt="x")}, "subject"),
    ],
)
def test_what_can_not_be_a_template(folder, change, complaint):
    """The error says what to do."""
    with pytest.raises(InvalidInput, match=complaint):
        send(Email(**TO | change))


def test_the_folder(folder, monkeypatch, tmp_path_factory):
    """It has to be there; what is no text or leads elsewhere is said."""
    outside = tmp_path_factory.mktemp("outside") / "secret"
    outside.write_text("secret")
    (folder / "_x.txt").symlink_to(outside)
    with pytest.raises(InvalidInput, match="leads out of the folder"):
        from_folder("welcome")
    (folder / "_x.txt").unlink()
    (folder / "_x.txt").write_bytes(b"\xff")
    with pytest.raises(InvalidInput, match="not UTF-8"):
        from_folder("welcome")
    monkeypatch.setenv("HOLDFAST_EMAIL_TEMPLATES", str(folder / "no"))
    with pytest.raises(ConfigError, match="is no folder"):
        from_folder("welcome")
    monkeypatch.delenv("HOLDFAST_EMAIL_TEMPLATES")
    with pytest.raises(ConfigError, match="Set HOLDFAST_EMAIL_TEMPLATES"):
        from_folder("welcome")


async def test_templates_in_the_database(services, folder, monkeypatch, tmp_path):
    """Put, listed, shown, previewed, sent and deleted, as those in files are."""
    files = [folder / name for name in FILES if not name.startswith("other")]
    await put_template(services, files, who="bo")
    monkeypatch.delenv("HOLDFAST_EMAIL_TEMPLATES")
    assert len((await list_templates(services)).rows) == 5
    shown = (await show_template(services, "welcome")).fields
    assert shown["place"] == "the database" and shown["welcome.de.txt"] == "Hallo {{ name }}"
    values = tmp_path / "values.json"
    values.write_text(json.dumps({"name": "Ann"}))
    said = (await preview_email(services, "welcome", values, "de-AT")).fields
    assert (said["subject"], said["text"], said["html"]) == ("Willkommen, Ann", "Hallo Ann", None)
    assert "<h1>Shop" in (await preview_email(services, "welcome", values, html=True)).text
    welcome = await services.database.run(from_database("welcome"))
    assert render(Email(**TO, template=welcome, values={"name": "A"})).subject == "Welcome, A"
    note = await send_email(
        services, ["ann@example.com"], sender="me@example.com", template="welcome", values=values
    )
    assert not note.data["duplicate"]
    assert (await delete_template(services, "welcome", "de")).data == {"deleted": 2}
    assert (await delete_template(services, "welcome")).data == {"deleted": 2}
    assert "email templates list" in (await delete_template(services, "welcome")).text
    with pytest.raises(InvalidInput, match=r"the database has none.*HOLDFAST_EMAIL_TEMPLATES"):
        await services.database.run(from_database("welcome"))
    with pytest.raises(InvalidInput, match=r"name\.part"):
        await put_template(services, [tmp_path / "values.json"])


@pytest.mark.parametrize("name", ["welcom", "/etc/hosts", "a*", ""])
async def test_a_template_that_is_nowhere(services, folder, name):
    """Who asks for one by a name, whatever it is, is told where it was looked for."""
    with pytest.raises(InvalidInput, match=f"the database has none.*Nor has the folder {folder}"):
        await preview_email(services, name)


@pytest.mark.parametrize(
    "args", [("Upper", "", "txt", "x"), ("a", "D", "txt", "x"), ("a", "", "md", "x"),
             ("a", "", "txt", None), ("a", "", "txt", "x" * 300_000), ("a.b", "", "txt", "x")],
)  # fmt: skip
def test_what_can_not_be_stored(sql, args):
    """A typed error, and nothing is stored."""
    with pytest.raises(psycopg.Error) as raised:
        sql.execute("select email_template_put(%s, %s, %s, %s, 'bo')", args)
    assert raised.value.sqlstate == "JQ005"


PAGE = """<html><head><title>no</title><style>p {}</style></head><body><!-- no -->
<h1>Your order</h1><p>Hello <b>Ann</b>,<br>it is   packed.
See <a href="https://example.com/7">the page</a> or <a href="https://example.com">example.com</a>.</p>
<ul><li>one</li><li>two<ul><li>inner</li></ul></li></ul><ol start="3"><li>a<li>b</ol>
<script>alert(1)</script><pre>x
  y</pre><hr><a href="javascript:x">z</a> &lt;&amp;</body></html>"""


@pytest.mark.parametrize(
    "nasty",
    ["<a>" * 20_000 + "<br>x" * 20_000, "<a " * 20_000, "<a>" * 20_000 + "x</a>" * 20_000,
     "<svg><title>" * 20_000 + "</title>" * 20_000, "<!-- " * 50_000, '<a b="' * 20_000 + ">"],
    ids=["lines", "open tags", "links", "unseen", "comments", "quotes"],
)  # fmt: skip
def test_the_text_of_nasty_html_takes_no_longer(nasty):
    """What each further piece costs does not grow with what was before it."""

    def steps(html):
        count = 0

        def counting(*_):
            nonlocal count
            count += 1

        sys.setprofile(counting)
        try:
            plain(html)
        finally:
            sys.setprofile(None)
        return count

    whole, half = steps(nasty), steps(nasty[: len(nasty) // 2])
    assert whole <= 3 * half + 1000


def test_a_comment_is_left_out():
    """Also one that holds signs, tags or no end."""
    assert plain("a<!-- 1 < 2 <b>no</b> -->b <!-- to the end") == "ab\n"


def test_plain():
    """Headings, links, lists; nothing that people do not see."""
    assert plain(PAGE) == (
        "Your order\n==========\n\nHello Ann,\nit is packed. See the page (https://example.com/7) "
        "or example.com.\n\n- one\n- two\n  - inner\n\n3. a\n4. b\n\nx\n  y\n\n"
        + "-" * 40
        + "\n\nz <&\n"
    )


@given(html=st.text() | st.lists(st.sampled_from(
    ["<p>", "</p>", "<ul>", "<ol start=x>", "<li>", "</li>", "</ul>", "<a href='http://x'>",
     "</a>", "<pre>", "</pre>", "<script>", "</script>", "word", " ", "\n", "<h1>", "</h1>",
     "<td>", "<!--", "&lt;", "<br/>", "<svg/>", "</svg>", "<a", "<![CDATA[", "<?x",
     "&#0;"])).map("".join))  # fmt: skip
def test_plain_takes_anything(html):
    """A text comes out, whatever goes in."""
    assert plain(html).endswith("\n")


async def test_bombs_in_threads_have_their_own_steps():
    """One template that uses up its steps takes none from another that runs beside it."""
    bomb = "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}"

    def run(source):
        try:
            return text(source)
        except InvalidInput:
            return None

    assert (
        await asyncio.gather(*(asyncio.to_thread(run, source) for source in [bomb, "fine"] * 3))
        == [None, "fine"] * 3
    )
