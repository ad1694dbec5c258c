"""Imports by name: what a literal, a pattern, a helper's argument and an unknown name lead to."""

import pytest

from lambda_slim.imports.walk import named_modules
from lambda_slim.model.file import FIRST_PARTY
from lambda_slim.model.imports import How

LIB = {
    "lib/__init__.py": "",
    "lib/plugins/__init__.py": "",
    "lib/plugins/red.py": "",
    "lib/plugins/blue.py": "",
    "lib/plugins/deep/__init__.py": "",
    "lib/plugins/deep/sea.py": "",
    "lib/other.py": "",
    "lib/tests/__init__.py": "",
    "lib/tests/test_red.py": "",
}
PLUGINS = {"lib.plugins.red", "lib.plugins.blue", "lib.plugins.deep", "lib.plugins.deep.sea"}


@pytest.mark.parametrize(
    "expression",
    [
        "import_module('lib.plugins.red')",
        "importlib.import_module('.plugins.red', 'lib')",
        "import_module('.red', package='lib.plugins')",
        "__import__('lib.plugins.red')",
        "__import__('lib.plugins', globals(), locals(), ['red'])",
        "import_string('lib.plugins.red.Class')",
        "pkgutil.resolve_name('lib.plugins.red:Class')",
        "runpy.run_module('lib.plugins.red')",
        "importlib.util.find_spec('lib.plugins.red')",
        "import_module('lib.' + 'plugins' + '.red')",
        "import_module('lib.{}.red'.format('plugins'))",
        "import_module('lib.%s.%s' % ('plugins', 'red'))",
        "import_module('.'.join(['lib', 'plugins', 'red']))",
        "import_module(f'lib.{KIND}.red')",
        "import_module('lib.plugins.red' if x else 'lib.plugins.red')",
        "import_module(name := 'lib.plugins.red')",
        "import_module('lib.plugins.RED'.lower())",
        "import_module(TABLE['a'])",
        "import_module(TABLE.get(key))",
        "[import_module(n) for n in NAMES]",
        "[import_module('lib.plugins.' + n) for n in ('red',)]",
        "exec('import lib.plugins.red')",
        "exec('from lib.plugins import red')",
        "load_backend('lib.plugins.red')",
        "{'backend': 'lib.plugins.red.Class'}",
        "{'backend': 'lib.plugins.red:factory'}",
    ],
)
def test_a_known_name_is_followed(tree, expression):
    source = f"KIND = 'plugins'\nTABLE = {{'a': 'lib.plugins.red'}}\nNAMES = ['lib.plugins.red']\n{expression}\n"
    tree.write("lib", LIB).write("", {"app.py": source})
    found = tree.reach()
    assert found.modules == {"app", "lib", "lib.plugins", "lib.plugins.red"}
    assert found.unresolved == ()


@pytest.mark.parametrize(
    "expression",
    [
        "import_module(f'lib.plugins.{name}')",
        "import_module('lib.plugins.' + name)",
        "import_module('lib.plugins.%s' % name)",
        "import_module('lib.plugins.{}'.format(name))",
        "import_module(f'.{name}', 'lib.plugins')",
        "pattern = f'lib.plugins.{name}'",
    ],
)
def test_a_partly_known_name_leads_to_all_that_match(tree, expression):
    tree.write("lib", LIB).write("", {"app.py": f"def f(name):\n    {expression}\n"})
    assert tree.reached() == {"app", "lib", "lib.plugins"} | PLUGINS


def test_the_place_of_a_file_is_part_of_a_name(tree):
    loader = "def load(n):\n    import_module(f'{__name__}.{n}')\n    import_module('.' + n + '_x', __package__)\n"
    tree.write("lib", {**LIB, "lib/plugins/__init__.py": loader}).add(app="import lib.plugins")
    assert tree.reached() == {"app", "lib", "lib.plugins"} | PLUGINS


def test_an_unknown_name_in_a_library_keeps_the_library_without_its_tests(tree):
    tree.write("lib", {**LIB, "lib/__init__.py": "import os\nmodule = __import__(os.environ['X'])\n"})
    tree.write("else", {"elsewhere.py": ""}).add(app="import lib")
    found = tree.reach()
    assert found.modules == {"app", "lib", "lib.plugins", "lib.other"} | PLUGINS
    assert found.first["lib.other"].how is How.UNKNOWN
    (gap,) = found.unresolved
    assert (gap.path, gap.line, gap.kept) == ("lib/__init__.py", 2, "lib.*")
    assert gap.expression == "__import__(os.environ['X'])"


@pytest.mark.parametrize(
    "body",
    [
        "import_module(event['task']).run()",
        "__import__(event['task'])",
        "exec(event['code'])",
        "exec(text, {})",
        "from importlib import import_module as im; im(event['task'])",
        "load = __import__; load(event['task'])",
        "from importlib import import_module as im; list(map(im, event['tasks']))",
        "pydoc.locate(event['task'])",
        "importlib.util.find_spec(event['task']).loader.load_module()",
    ],
)
def test_what_only_the_event_knows_could_be_anything(tree, body):
    tree.write("lib", LIB).add(app=f"def handler(event, _):\n    {body}", tasks__one="")
    found = tree.reach()
    assert {"app", "tasks", "tasks.one", "lib", "lib.other", "lib.plugins.red"} <= found.modules
    assert "lib.tests" not in found.modules
    assert [(gap.path, gap.line, gap.kept) for gap in found.unresolved] == [("app.py", 2, "*")]


def test_code_that_a_library_writes_itself_is_its_own_affair(tree):
    tree.write("lib", {**LIB, "lib/__init__.py": "def make(text):\n    exec(text, {})\n"}).add(app="import lib")
    assert tree.reached() == {"app", "lib"}


def test_own_code_that_gives_a_library_an_unknown_name_keeps_the_library(tree):
    tree.write("lib", {**LIB, "lib/__init__.py": "def load(name):\n    return import_module(name)\n"})
    tree.add(app="import lib\ndef handler(event, _):\n    return lib.load(event['kind'])")
    assert "lib.plugins.red" in tree.reached()


@pytest.mark.parametrize("code", ["load = importlib.import_module", "map(import_module, names)"])
def test_an_import_function_that_is_handed_on_could_import_anything(tree, code):
    tree.write("lib", LIB).write("", {"app.py": code})
    assert "lib.plugins.red" in tree.reached()


def test_a_helper_is_answered_by_its_callers(tree):
    helper = "def import_optional(name, extra=''):\n    return importlib.import_module(name)\n"
    user = "from .helper import import_optional\nred = import_optional('tool')\nblue = import_optional('absent')\n"
    tree.write("lib", {"lib/__init__.py": "", "lib/helper.py": helper, "lib/user.py": user, "lib/unused.py": ""})
    tree.write("tool", {"tool/__init__.py": "", "tool/inner.py": ""}).add(app="import lib.user")
    found = tree.reach()
    assert found.modules == {"app", "lib", "lib.helper", "lib.user", "tool"}
    assert [gap.kept for gap in found.unresolved] == [""]


def test_a_helper_that_is_given_unknown_names_keeps_its_library(tree):
    helper = "def import_it(name):\n    return importlib.import_module(name)\n"
    user = "from .helper import import_it\nimport_it(open('x').read())\n"
    tree.write("lib", {"lib/__init__.py": "", "lib/helper.py": helper, "lib/user.py": user, "lib/unused.py": ""})
    tree.add(app="import lib.user")
    assert "lib.unused" in tree.reached()


def test_what_the_suite_of_a_library_gives_a_helper_does_not_count(tree):
    helper = "def import_it(name):\n    return importlib.import_module(name)\n"
    files = {
        "lib/__init__.py": "",
        "lib/helper.py": helper,
        "lib/user.py": "from .helper import import_it\nimport_it('x')\n",
    }
    tree.write("lib", {**files, "lib/unused.py": "", "lib/tests/__init__.py": ""})
    tree.write("lib", {"lib/tests/test_it.py": "from ..helper import import_it\nimport_it(open('x').read())\n"})
    tree.add(app="import lib.user")
    assert tree.reached() == {"app", "lib", "lib.helper", "lib.user"}


def test_an_unknown_name_may_be_any_argument_of_a_helper(tree):
    helper = "def load_it(registry, name):\n    return importlib.import_module(name)\n"
    user = "from .helper import load_it\ndef f(registry):\n    load_it(registry, open('x').read())\n"
    user += "def g(registry):\n    n = open('x').read()\n    load_it(registry, n)\n"
    tree.write("lib", {"lib/__init__.py": "", "lib/helper.py": helper, "lib/user.py": user, "lib/unused.py": ""})
    tree.add(app="import lib.user")
    assert "lib.unused" in tree.reached()


def test_a_helper_of_own_code_is_followed_by_any_name(tree):
    source = "def fetch(what):\n    return import_module('tasks.' + what) if x else import_module(what)\n"
    tree.write("lib", LIB)
    tree.write("", {"app.py": source + "fetch('lib.other')\n", "tasks/one.py": "", "tasks/two.py": ""})
    assert tree.reached() == {"app", "lib", "lib.other", "tasks", "tasks.one", "tasks.two"}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("pkgutil.iter_modules(__path__)", {"lib.other", "lib.plugins"}),
        ("pkgutil.walk_packages(__path__, 'lib.')", {"lib.other", "lib.plugins"} | PLUGINS),
        ("pkgutil.iter_modules(plugins.__path__)", {"lib.plugins"} | PLUGINS - {"lib.plugins.deep.sea"}),
        ("pkgutil.iter_modules([os.path.dirname(__file__)])", {"lib.other", "lib.plugins"}),
        ("os.listdir(os.path.dirname(__file__))", {"lib.other", "lib.plugins"}),
        ("pathlib.Path(__file__).parent.glob('*.py')", {"lib.other", "lib.plugins"}),
        ("pathlib.Path(__file__).parent.glob('*.json')", set()),
    ],
)  # fmt: skip
def test_a_listed_package_brings_what_is_listed(tree, expression, expected):
    start = "from . import plugins\n" if "plugins._" in expression else ""
    tree.write("lib", {**LIB, "lib/__init__.py": start + expression}).add(app="import lib")
    assert tree.reached() == {"app", "lib"} | expected


def test_a_registry_of_names_relative_to_its_package_is_followed(tree):
    registry = "KINDS = {'r': '.red', 'b': '.deep.sea'}\ndef load(k):\n    return import_module(KINDS[k], __name__)\n"
    tree.write("lib", {**LIB, "lib/plugins/__init__.py": registry}).add(app="import lib.plugins")
    assert tree.reached() == {
        "app",
        "lib",
        "lib.plugins",
        "lib.plugins.red",
        "lib.plugins.deep",
        "lib.plugins.deep.sea",
    }


def test_names_in_docstrings_and_of_other_libraries_top_level_lead_nowhere(tree):
    tree.write("lib", {**LIB, "lib/__init__.py": "'lib.plugins.red'\nKIND = 'tool.Thing'\n"})
    tree.write("tool", {"tool.py": ""}).add(app="import lib")
    assert tree.reached() == {"app", "lib"}


def test_code_of_the_function_may_name_anything(tree):
    tree.write("lib", LIB).write("tool", {"tool.py": ""})
    tree.write(FIRST_PARTY, {"app.py": "", "settings.py": "A = 'lib.plugins'\nB = {'x': 'tool.Thing'}\nC = 'else'"})
    tree.write("else", {"else.py": ""})
    assert tree.reached("settings") == {"settings", "lib", "lib.plugins", "tool", "else"}


@pytest.mark.parametrize("package", ["__name__", "'lib'", "__package__"])
def test_submodules_of_a_computed_fromlist_may_be_any(tree, package):
    tree.write(
        "lib", {**LIB, "lib/__init__.py": f"def load(n):\n    return __import__({package}, fromlist=[n], level=0)\n"}
    )
    assert {"lib.other", "lib.plugins.red"} <= tree.add(app="import lib").reached()


@pytest.mark.parametrize("listed", ["shop", "shop.apps.ShopConfig", "shop.views.Middleware"])
def test_an_application_is_listed_by_its_package_or_its_class(tree, listed):
    shop = ("shop", "shop.apps", "shop.models", "shop.migrations", "shop.migrations.0001_initial", "shop.views")
    files = {f"{name.replace('.', '/')}{'' if name.count('.') else '/__init__'}.py": "" for name in shop}
    files["shop/migrations/__init__.py"] = files.pop("shop/migrations.py")
    tree.write(FIRST_PARTY, {"settings.py": f"INSTALLED_APPS = ['{listed}']", **files})
    assert tree.reached("settings") - {"settings"} == ({"shop", "shop.views"} if "views" in listed else {*shop})


@pytest.mark.parametrize(
    "code",
    [
        "from shop import repos, util; box.create(modules=[repos])",
        "import shop.repos; box.scan(shop.repos)",
        "from shop import repos as parts; PARTS = (parts,); box.wire(*PARTS)",
    ],
)
def test_of_an_own_package_that_a_container_is_given_all_is_kept(tree, code):
    tree.write("lib", LIB).add(
        app=f"import lib.box as box\n{code}", shop__repos__factory="", shop__repos__tests__one=""
    )
    tree.add(shop__views="")
    tree.write("", {"shop/util.py": "", "shop/__init__.py": "", "shop/repos/__init__.py": ""})
    assert {name for name in tree.reached() if name.startswith("shop")} - {"shop.util"} == {
        "shop",
        "shop.repos",
        "shop.repos.factory",
    }


def test_a_name_taken_from_an_own_package_or_a_library_that_is_given_adds_nothing(tree):
    code = "import lib, shop\nfrom shop.repos import Repo\n"
    code += "run(Repo(), lib, len(shop.repos.ALL), logger(shop.repos.__name__))"
    tree.write("lib", LIB).write("", {"app.py": code, "shop/__init__.py": "", "shop/repos/factory.py": ""})
    tree.write("", {"shop/repos/__init__.py": "class Repo: ..."})
    assert tree.reached() == {"app", "lib", "shop", "shop.repos"}


def test_a_class_path_may_be_relative_to_the_package_that_registers_it(tree):
    tree.write("lib", {**LIB, "lib/__init__.py": "Chain(__name__).add('plugins.red.Reader', 'nothing.Here')"})
    tree.add(app="import lib")
    assert tree.reached() == {"app", "lib", "lib.plugins", "lib.plugins.red"}


@pytest.mark.parametrize("code", ["run('jobs/one.py')", "runpy.run_path('./jobs/one.py')"])
def test_a_script_that_is_run_by_its_path_is_reached(tree, code):
    tree.write("", {"app.py": code, "jobs/one.py": "import helper", "jobs/two.py": "", "helper.py": ""})
    assert tree.reached() == {"app", "jobs", "jobs.one", "helper"}


def test_a_package_that_settings_list_is_kept_whole(tree):
    tree.write("lib", LIB).add(app="INSTALLED_APPS = ['blog', 'lib.plugins']", blog__admin="", blog__tests__one="")
    tree.add(blog__migrations__m0001="")
    expected = {"blog", "blog.admin", "blog.migrations", "blog.migrations.m0001", "lib", "lib.plugins"}
    assert tree.reached() == {"app"} | expected | PLUGINS


@pytest.mark.parametrize(
    "call",
    [
        "pickle.loads(body)",
        "joblib.load(file)",
        "pd.read_pickle(x)",
        "pickle.Unpickler(f)",
        "from joblib import load; load(file)",
        "import pickle as pkl; pkl.load(file)",
        "from pickle import loads as back; back(body)",
        "import skops.io as sio; sio.load(file)",
        "np.load(file, allow_pickle=True)",
        "class Own(pickle.Unpickler): pass",
    ],
)
def test_objects_from_data_elsewhere_could_be_of_any_class(tree, call):
    tree.write("lib", LIB).write("", {"app.py": f"x = 1\n{call}"})
    found = tree.reach()
    assert {"lib.other", "lib.plugins.red"} <= found.modules
    assert "lib.tests" not in found.modules
    assert [(gap.path, gap.line, gap.kept) for gap in found.unresolved] == [("app.py", 2, "*")]


def test_objects_from_data_beside_the_code_are_of_the_classes_it_names(tree):
    tree.write("lib", LIB).write(
        "", {"app.py": "joblib.load('m.joblib')", "m.joblib": b"\x80\x05\x8c\x09lib.other\x94"}
    )
    found = tree.reach()
    assert found.modules == {"app", "lib", "lib.other"}
    assert found.unresolved == ()


def test_a_model_inside_a_distribution_needs_what_it_was_pickled_from(tree):
    tree.write("lib", LIB).add(app="import rude")
    tree.write("rude", {"rude/__init__.py": "", "rude/data/model.joblib": b"\x80\x05\x8c\x09lib.other\x94"})
    tree.write("rude", {"rude/tests/__init__.py": "", "rude/tests/old.pkl": b"\x80\x05\x8c\x0blib.plugins\x94"})
    assert tree.reached() == {"app", "rude", "lib", "lib.other"}
    assert tree.add(app="x = 1").reached() == {"app"}


@pytest.mark.parametrize(
    "code",
    [
        "exec(f'from lib.plugins.{name} import *')",
        "exec('import lib.plugins.%s' % name)",
        "exec('x = 1; from lib.plugins.' + name + ' import make', scope)",
        "eval('__import__(\"lib.plugins.red\")')",
    ],
)
def test_imports_in_text_that_a_library_puts_together(tree, code):
    tree.write("lib", LIB).write("host", {"host.py": f"def load(name):\n    {code}"}).add(app="import host")
    assert "lib.plugins.red" in tree.reached()
    assert "lib.other" not in tree.reached()


def test_plugins_of_other_distributions_are_found_by_how_their_names_begin(tree):
    host = """
        import importlib, pkgutil
        found = [importlib.import_module(one.name) for one in pkgutil.iter_modules() if one.name.startswith("host_")]
    """
    tree.write("host", {"host/__init__.py": host}).add(app="import host")
    tree.write("more", {"host_more/__init__.py": "", "host_more/core.py": ""}).write("alien", {"alien.py": ""})
    assert tree.reached() == {"app", "host", "host_more", "host_more.core"}


def test_text_of_an_environment_names_modules(tree):
    tree.write("lib", LIB).add(app="", project__settings="")
    imports = tree.imports()
    texts = ["project.settings", "INFO", "lib.plugins.red:create", "src/app.handler", "lib/other.handler", "https://x"]
    assert named_modules(imports, texts) == ("project.settings", "lib.plugins.red", "lib.other")


def test_a_vendored_copy_is_found_under_the_name_it_goes_by(tree):
    tree.write("tools", {"tools/__init__.py": "", "tools/extern/__init__.py": "", "tools/_vendor/__init__.py": ""})
    tree.write("tools", {"tools/_vendor/packaging/__init__.py": "", "tools/_vendor/packaging/version.py": ""})
    tree.add(app="import tools.x").write("tools", {"tools/x.py": "from tools.extern.packaging.version import Version"})
    assert {"tools.extern", "tools._vendor.packaging.version"} <= tree.reached()


def test_hints_add_what_knowledge_says(tree):
    tree.write("lib", LIB).add(app="import lib.other")
    assert "lib.plugins.red" in tree.reached(hints={"lib.other": ("lib.plugins.red",)})
    assert tree.reached(hints={"lib": ("lib.plugins.*",)}) >= PLUGINS
    assert tree.reached(hints={"lib.plugins": ("lib.plugins.red",)}) == {"app", "lib", "lib.other"}


def test_time_zones_bring_their_data_package(tree):
    tree.write(
        "tzdata", {"tzdata/__init__.py": "", "tzdata/zoneinfo/__init__.py": "", "tzdata/zoneinfo/Asia/__init__.py": ""}
    )
    tree.add(app="from zoneinfo import ZoneInfo")
    assert tree.reached() == {"app", "tzdata", "tzdata.zoneinfo", "tzdata.zoneinfo.Asia"}
