"""The files of the screens, found once: the suite makes thousands of clients."""

from typing import Any

from whitenoise.middleware import WhiteNoiseMiddleware

_found: dict[str, Any] = {}


class FoundOnce(WhiteNoiseMiddleware):  # type: ignore[misc]  # the package has no types
    """The product's; only the list of files, which nobody changes, is one for every client."""

    def add_files_from_finders(self) -> None:
        if not _found:
            super().add_files_from_finders()
            _found.update(self.files)
        self.files: dict[str, Any] = _found
