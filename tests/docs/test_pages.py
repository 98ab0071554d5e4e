"""What the pages say can be done, as they say it."""

import re

import pytest

PROMISE = [
    "*Acknowledged means committed.* A 2xx, an SMTP 250, a returned `send()` comes only after a",
    "*Nothing is lost, nothing is stuck.*",
    "reaches exactly one terminal state: `done`, `dead`, `cancelled`, `expired`.",
    '*At least once, and honest about "again".* A side effect happens at least once if the item is',
    "*Effects in the same database are exactly once*",
]
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")


async def test_a_page_runs(page, blocks_of, world, python, shell, dsn):
    """Every block of Python, SQL and shell on a page does what the page says, in its order."""
    # the shell blocks of the README are a walk of their own; those of a channel are files of it
    skipped = {"README.md": "sh", "ADDING_A_CHANNEL.md": "python sql", "CONTRIBUTING.md": "sh"}
    run = [b for b in blocks_of(page) if b.is_run and b.language not in skipped.get(page, "")]
    terminal = shell(HOLDFAST_DATABASE_URL=dsn) if any(b.language == "sh" for b in run) else None
    for block in run:
        if block.language == "python":
            await python(page, block)
        elif block.language == "sql":
            world.execute(block.text)
        else:
            terminal.run(block)


def test_blocks_are_of_a_known_kind(page, blocks_of):
    """A block cannot escape by a misspelt language, and one that is not run says why."""
    for block in blocks_of(page):
        assert block.language in {"python", "sql", "sh", "text", "ts"}, (page, block.line)
        if block.mark:
            assert re.fullmatch(r"not run: .{10,}|in the background", block.mark), block.mark


def test_links_lead_somewhere(page, root):
    """A link on a page leads to a file of this repository, and to the heading that it names."""
    here = root / page
    for path, heading in LINK.findall(here.read_text(encoding="utf-8")):
        target = (here.parent / path).resolve() if path else here
        assert target.exists(), f"{page}: {path}"
        if heading:
            heads = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = [re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads]
            assert heading in slugs, f"{page}: {path}#{heading}"


def test_the_edge_function_names_what_there_is(blocks_of, sql):
    """Each rpc() of the example calls a function by parameters that it has."""
    [block] = [b for b in blocks_of("docs/how-to/sql-alone.md") if b.language == "ts"]
    calls = re.findall(r'rpc\("(\w+)", \{(.*)\}\)', block.text)
    assert len(calls) == 3
    for function, arguments in calls:
        names = set(re.findall(r"\b(p_\w+):", arguments))
        found = sql.execute(
            "select proargnames from pg_proc where proname = %s"
            " and pronamespace = 'holdfast'::regnamespace",
            [function],
        ).fetchone()
        assert found is not None, function
        assert names <= set(found[0]), function


def test_the_promise_is_the_designs(root):
    """The README promises four things, in these words."""
    text = (root / "README.md").read_text(encoding="utf-8")
    for words in PROMISE:
        assert words in text


@pytest.mark.parametrize("word", ["make up", "make test"])
def test_the_two_commands_are_there(word, root, blocks_of):
    """The README's two commands stand alone in their blocks, and the Makefile has them."""
    assert [b for b in blocks_of("README.md") if b.text.strip() == word]
    target = word.removeprefix("make ")
    assert re.search(rf"^{target}:", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_every_how_to_is_found_from_the_readme(root):
    """A page that says how to do something can be reached, and says first what it is for."""
    readme = (root / "README.md").read_text(encoding="utf-8")
    for page in sorted((root / "docs/how-to").glob("*.md")):
        assert f"(docs/how-to/{page.name})" in readme, page.name
        title, _, first, *_ = page.read_text(encoding="utf-8").split("\n")
        assert title.startswith("# ") and first[:1] not in {"", "#", "`", "<", "-", "|"}, page.name
