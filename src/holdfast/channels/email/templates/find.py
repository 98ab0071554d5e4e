"""A template by its name alone, wherever it is."""

from holdfast.channels.email.settings import EmailSettings
from holdfast.channels.email.templates.folder import from_folder
from holdfast.channels.email.templates.stored import from_database
from holdfast.channels.email.templates.template import Template
from holdfast.database import Database
from holdfast.errors import InvalidInput
from holdfast.settings import read


async def find(database: Database, name: str) -> Template:
    """From the folder if one is set and has it, else from the database.

    Raises:
        InvalidInput: neither has it, or it is no template.
    """
    folder = read(EmailSettings).email_templates
    if folder is not None:
        try:
            return from_folder(name)
        except InvalidInput:
            if any(folder.glob(f"{name}.*")):
                raise
    return await database.run(from_database(name))
