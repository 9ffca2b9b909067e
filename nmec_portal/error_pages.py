"""The error pages that nginx sends by itself, as files: `python -m nmec_portal.error_pages FOLDER`.

The same templates that Django answers with; rendered once the static files are collected, whose names they hold.
"""

import json
import os
import sys
from pathlib import Path

PAGES = (400, 404, 413, 429, 500, 503)


def write(folder: Path) -> None:
    """Write <status>.html for each of PAGES, and <status>.json where the upload script asks; make the folder."""
    from django.template.loader import render_to_string

    from nmec_portal import answers

    context = {413: {"sentence": answers.too_large()}}
    folder.mkdir(parents=True, exist_ok=True)
    for status in PAGES:
        (folder / f"{status}.html").write_text(render_to_string(f"{status}.html", context.get(status)))
    told = {413: answers.for_script("too_large", answers.too_large()), 503: answers.for_script(*answers.TRY_LATER)}
    for status, answer in told.items():
        (folder / f"{status}.json").write_text(json.dumps(answer, ensure_ascii=False))


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nmec_portal.settings")
    django.setup()
    write(Path(sys.argv[1]))
