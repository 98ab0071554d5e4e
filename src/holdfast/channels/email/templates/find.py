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
    if folder is None:
        return await database.run(from_database(name))
    if any(file.name.startswith(f"{name}.") for file in folder.glob("*")):
        return from_folder(name)
    try:
        return await database.run(from_database(name))
    except InvalidInput as error:
        raise InvalidInput(f"{error}. Nor has the folder {folder}") from None
