"""Templates in files: a folder of the application, under version control, named by a setting."""

from pathlib import Path

from holdfast.channels.email.settings import EmailSettings
from holdfast.channels.email.templates.template import NAME, PARTS, Template
from holdfast.errors import ConfigError, InvalidInput
from holdfast.settings import read

LARGEST = 256 * 1024


def from_folder(name: str, folder: str | Path | None = None) -> Template:
    """The template of that name, as it is in the folder now.

    The folder is that of HOLDFAST_EMAIL_TEMPLATES unless another is given. Links that lead out of
    it are not followed.

    Raises:
        ConfigError: there is no such folder, or none is set.
        InvalidInput: it has no such template, or a file of it cannot be read.
    """
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise InvalidInput("template: a name of a-z, 0-9, - and _ is needed, such as welcome")
    given = folder if folder is not None else read(EmailSettings).email_templates
    if given is None:
        raise ConfigError(
            f"template {name!r}: where is it? Set HOLDFAST_EMAIL_TEMPLATES to the folder"
        )
    place = Path(given)
    if not place.is_dir():
        raise ConfigError(f"HOLDFAST_EMAIL_TEMPLATES: {str(given)!r} is no folder")
    texts = []
    for path in sorted(place.iterdir()):
        stem, *_, part = path.name.split(".")
        if part in PARTS and (stem == name or stem.startswith("_")):
            texts.append((path.name, _text(path, place)))
    if not any(file.startswith(f"{name}.") for file, _ in texts):
        raise InvalidInput(f"template {name!r}: {str(place)!r} has no {name}.subject")
    return Template(name, tuple(texts), str(place))


def _text(path: Path, place: Path) -> str:
    if not path.resolve().is_relative_to(place.resolve()):
        raise InvalidInput(f"template {path.name}: it is a link that leads out of the folder")
    try:
        if path.stat().st_size > LARGEST:
            raise InvalidInput(f"template {path.name}: at most 256 KiB are taken")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"template {path.name}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InvalidInput(f"template {path.name}: it is not UTF-8") from None
