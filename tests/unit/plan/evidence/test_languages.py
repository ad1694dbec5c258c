"""Which languages do the settings of a Django project name?"""

import pytest

from lambda_slim.model.file import FIRST_PARTY, File, FileKind
from lambda_slim.plan.evidence.languages import find_languages

APPS = "INSTALLED_APPS = ['notes']\n"
TABLE = "LANGUAGES = [('en', _('English')), ('pt-BR', 'x')]\n"


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([APPS + "USE_I18N = False\n"], set()),
        ([APPS + "USE_I18N = False\n" + TABLE], set()),
        (["settings.configure(INSTALLED_APPS=[], USE_I18N=False)\n"], set()),
        ([APPS + TABLE], {"en", "pt-br"}),
        ([APPS + TABLE + "LANGUAGE_CODE = 'de'\n"], {"en", "pt-br", "de"}),
        ([APPS + TABLE, "from django.utils import translation\ntranslation.activate('fr')\n"], {"en", "pt-br", "fr"}),
        ([APPS + TABLE, "from django.utils import translation\ntranslation.activate(user.language)\n"], None),
        ([APPS + "USE_I18N = 'I18N' in os.environ\n"], None),
        ([APPS + "USE_I18N = False\n", "USE_I18N = True\n"], None),
        ([APPS + "USE_I18N = False\n", APPS], None),
        ([APPS + "LANGUAGES = load()\n"], None),
        ([APPS + TABLE + "LANGUAGES += more\n"], None),
        ([APPS], None),
        ([TABLE], None),
    ],
)
def test_languages(tmp_path, sources, expected):
    files = []
    for index, source in enumerate(sources):
        path = tmp_path / f"m{index}.py"
        path.write_text(source, "utf-8")
        files.append(File(path.name, path, 1, FIRST_PARTY, FileKind.SOURCE))

    assert find_languages(files) == (None if expected is None else frozenset(expected))
