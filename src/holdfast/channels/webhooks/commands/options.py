"""What several commands take: which events, and where the server is."""

from typing import Annotated

import typer

EventId = Annotated[
    str,
    typer.Argument(
        metavar="ID", show_default=False,
        help="The event: our id or theirs, or the first or last six or more digits of ours.",
    ),
]  # fmt: skip
OfSource = Annotated[
    str | None, typer.Option("--source", metavar="NAME", help="Only of this source.")
]
OfType = Annotated[
    str | None,
    typer.Option("--type", metavar="TYPE", help="Only of this type; * stands for anything."),
]
OfObject = Annotated[
    str | None, typer.Option("--object", metavar="ID", help="Only about this object of theirs.")
]
Since = Annotated[
    str | None,
    typer.Option(
        metavar="WHEN",
        help="Received since then: 2h, 3d (ago), or a time such as 2026-03-01T14:30Z.",
    ),
]
Until = Annotated[
    str | None, typer.Option(metavar="WHEN", help="Received before then; as --since.")
]
To = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS", show_default=False,
        help="The server, such as 127.0.0.1:8026 or https://hooks.example.com; a URL with a path "
        "is taken as it is. Default: HOLDFAST_HTTP, or 127.0.0.1:8025.",
    ),
]  # fmt: skip
