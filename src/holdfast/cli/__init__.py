"""The command line: one file per noun.

A command is a value (`holdfast.command.Command`): a function that gets the services and its options
and returns what is to be shown. `context.py` makes a Typer command of it, `render.py` shows what it
returns, on a terminal, in a pipe or as JSON (`values.py`: one value of it), and `main.py` puts the
tree together, with the commands that channels bring. `terminal.py` is for talking meanwhile,
`options.py` has the options that several nouns share, `help.py` is about help screens.
"""
