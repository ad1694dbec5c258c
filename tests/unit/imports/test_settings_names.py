"""Frameworks whose computed imports load what settings name."""

import pytest

from lambda_slim.imports.read import read_imports
from lambda_slim.imports.walk import reach
from lambda_slim.model.file import Inventory
from tests.unit.factory import TARGET

FRAMEWORK = {
    "web/__init__.py": "from importlib import import_module\n"
    "def setup(settings):\n"
    "    for app in settings.APPS:\n"
    "        import_module(app)\n"
    "        import_module(f'{app}.models')\n"
    "    import_module('%s.base' % settings.ENGINE)\n",
    "web/admin/__init__.py": "",
    "web/admin/models.py": "",
    "web/gis/__init__.py": "",
    "web/gis/models.py": "",
    "web/db/__init__.py": "",
    "web/db/lite/__init__.py": "",
    "web/db/lite/base.py": "",
    "web/db/large/__init__.py": "",
    "web/db/large/base.py": "",
}
SETTINGS = "APPS = ['web.admin', 'shop']\nENGINE = 'web.db.lite'\n"


def reached(tree, settings, *, known=True):
    own = {"app.py": "import web, config\n", "config.py": settings, "shop/__init__.py": "", "shop/models.py": ""}
    tree.write("web", FRAMEWORK).write("", own)
    graph = read_imports(Inventory(tuple(tree.files)), TARGET, named=lambda name: known and name.startswith("web"))
    return reach(graph, ["app"]).modules


def test_only_what_settings_name_is_loaded(tree):
    found = reached(tree, SETTINGS)

    assert {"web.admin", "web.admin.models", "web.db.lite.base", "shop", "shop.models"} <= found
    assert {"web.gis", "web.gis.models", "web.db.large.base"}.isdisjoint(found)


def test_settings_that_name_nothing_of_the_framework_say_nothing(tree):
    assert {"web.gis.models", "web.db.large.base"} <= reached(tree, "APPS = ['shop']\n")


@pytest.mark.parametrize("listed", [True, False])
def test_what_only_some_applications_look_for(tree, listed):
    site = ", 'web.site.apps.Site'" if listed else ""
    parts = {"web/admin/admin.py": "", "web/admin/sub/__init__.py": "", "web/admin/sub/admin.py": ""}
    tree.write("web", {**FRAMEWORK, **parts, "web/site/__init__.py": "", "web/site/apps.py": ""})
    own = {"app.py": "import web, config\n", "config.py": f"APPS = ['web.admin', 'shop'{site}]\n"}
    tree.write("", {**own, "shop/__init__.py": "", "shop/admin.py": "", "shop/views.py": ""})

    graph = read_imports(
        Inventory(tuple(tree.files)),
        TARGET,
        named=lambda name: name.startswith("web"),
        sought={"admin": ("web.site", "web.panel")},
    )

    found = reach(graph, ["app"]).modules
    assert "shop.views" in found
    looked_for = {"shop.admin", "web.admin.admin", "web.admin.sub.admin"}
    assert looked_for & found == (looked_for if listed else set())


def test_without_knowledge_anything_could_be_loaded(tree):
    assert {"web.gis.models", "web.db.large.base"} <= reached(tree, SETTINGS, known=False)
