"""Templates: what many emails have in common, written once for each language.

`template.py` chooses the texts of a locale and renders them, `sandbox.py` is where they run and how
much they may use, `folder.py` and `stored.py` are where they come from.
"""

from holdfast.channels.email.templates.find import find
from holdfast.channels.email.templates.folder import from_folder
from holdfast.channels.email.templates.stored import from_database
from holdfast.channels.email.templates.template import Said, Template

__all__ = ["Said", "Template", "find", "from_database", "from_folder"]
