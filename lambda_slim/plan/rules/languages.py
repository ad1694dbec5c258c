"""Catalogs of languages that the settings of a Django project do not name (above level `safe`)."""

import re

from lambda_slim.model.decision import Judge, Verdict
from lambda_slim.model.evidence import Evidence
from lambda_slim.model.file import FIRST_PARTY, File
from lambda_slim.model.settings import Level

_CATALOG = re.compile(r"(?:.*/)?locale/([\w@-]+)/LC_MESSAGES/django(?:js)?\.[mp]o")


def judge(evidence: Evidence) -> Judge:
    """Drops the catalogs; where the languages are only known at run time, none."""
    languages = evidence.texts.languages
    if languages is None or evidence.settings.level is Level.SAFE:
        return lambda _: None
    kept = {*languages, *(language.partition("-")[0] for language in languages)}
    chinese = any(language.startswith("zh") for language in languages)  # one stands in for another
    why = f"the settings name only {', '.join(sorted(languages))}" if languages else "USE_I18N is off in the settings"

    def opinion(file: File) -> Verdict | None:
        catalog = _CATALOG.fullmatch(file.installed_path) if file.owner != FIRST_PARTY else None
        if catalog is None:
            return None
        language = catalog[1].lower().replace("_", "-").partition("@")[0]
        if language in kept or (chinese and language.startswith("zh")):
            return None
        return Verdict(keep=False, rule="languages", why=f"a catalog of `{catalog[1]}`, and {why}")

    return opinion
