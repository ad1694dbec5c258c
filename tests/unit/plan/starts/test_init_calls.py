"""What INIT runs beside import statements: decorators, lambdas, loops, imports by name, attributes of modules."""

import pytest

IMPORTLIB = "import importlib\n"


def errors(judged):
    return [(one.rule, one.level, one.file, one.line) for one in judged.findings if one.level == "error"]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("def deco(f):\n    import pandas\n    return f\n@deco\ndef run(): ...", 2),
        ("def deco(f):\n    import pandas\n    return f\n@deco\nclass Run: ...", 2),
        ("def deco(n):\n    def wrap(f):\n        import pandas\n    return wrap\n@deco(3)\nclass A: ...", 3),
        ("class Deco:\n    def __init__(self, f):\n        import pandas\n@Deco\ndef run(): ...", 3),
        ("class Deco:\n    def __call__(self, f):\n        import pandas\n@Deco()\ndef run(): ...", 3),
        ("def deco(f):\n    import pandas\n    return f\nclass A:\n    @deco\n    def run(self): ...", 2),
        ("def make():\n    return lambda: __import__('pandas')\nmake()()", 2),
        ("import functools\n@functools.cache\ndef table():\n    import pandas\nT = table()", 4),
        ("from functools import lru_cache\n@lru_cache(maxsize=1)\ndef table():\n    import pandas\nT = table()", 4),
    ],
)  # fmt: skip
def test_a_decorator_or_what_a_function_returns_is_called(judged, source, line):
    assert errors(judged(source)) == [("LS130", "error", "app.py", line)]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("X = (lambda: importlib.import_module('pandas'))()", 2),
        ("load = lambda: importlib.import_module('pandas')\nX = load()", 2),
        ("X = (lambda name: importlib.import_module(name))('pandas')", 2),
        ("def setup():\n    import pandas\nX = (lambda: setup())()", 3),
        ("for name in ['json', 'pandas']:\n    importlib.import_module(name)", 3),
        ("NAMES = ('pandas',)\nfor name in NAMES:\n    importlib.import_module(name)", 4),
        ("for name, short in [('json', 'j'), ('pandas', 'pd')]:\n    x[short] = importlib.import_module(name)", 3),
        ("for name in {'pandas': 'pd'}.keys():\n    m = importlib.import_module(f'{name}')", 3),
        ("for n in ('core',):\n    importlib.import_module('pandas.' + n)", 3),
        ("M = [importlib.import_module(n) for n in 'json pandas'.split()]", 2),
        ("M = list(map(importlib.import_module, ['json', 'pandas']))", 2),
        ("M = dict((n, importlib.import_module(n)) for n in sorted(['pandas']))", 2),
        ("def load():\n    for n in ('pandas',):\n        importlib.import_module(n)\nload()", 4),
        ("for _ in (1, 2):\n    import pandas", 3),
        ("if (m := importlib.import_module('pandas')):\n    pass", 2),
        ("while not importlib.import_module('pandas'):\n    pass", 2),
        ("X = 1 if importlib.import_module('pandas') else 2", 2),
        ("assert importlib.import_module('pandas')", 2),
        ("with open(importlib.import_module('pandas').__file__) as f:\n    pass", 2),
        ("with contextlib.suppress(KeyError), other(importlib.import_module('pandas')):\n    pass", 2),
        ("match importlib.import_module('pandas'):\n    case _: pass", 2),
        ("try:\n    importlib.import_module('pandas')\nfinally:\n    pass", 3),
        ("try:\n    importlib.import_module('pandas')\nexcept Exception as e:\n    print(e)\n    raise", 3),
        ("try:\n    x = 1\nexcept Exception:\n    x = 2\nfinally:\n    importlib.import_module('pandas')", 7),
        ("class A:\n    m = importlib.import_module('pandas')", 3),
        ("def run(m=importlib.import_module('pandas')): ...", 2),
        ("importlib.import_module('.core', package='pandas')", 2),
        ("importlib.import_module(name='pandas')", 2),
        ("from runpy import run_module\nrun_module('pandas')", 3),
        ("from pkgutil import resolve_name\nresolve_name('pandas.core:DataFrame')", 3),
    ],
)  # fmt: skip
def test_an_import_by_name_that_init_surely_makes(judged, source, line):
    assert errors(judged(IMPORTLIB + source)) == [("LS130", "error", "app.py", line)]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("import importlib.resources\nX = importlib.resources.files('shop_data')", 2),
        ("from importlib.resources import files\nX = (files('shop_data') / 'x.json').read_text()", 2),
        ("from importlib import resources as r\nX = r.read_text('shop_data', 'x.json')", 2),
        ("import importlib\nX = importlib.resources.files(anchor='shop_data')", 2),
    ],
)
def test_resources_of_a_package_that_is_not_there(judged, source, line):
    assert errors(judged(source)) == [("LS130", "error", "app.py", line)]


def test_resources_of_a_folder_of_data(judged):
    source = "from importlib.resources import files\nX = files('static.data')\nY = files('static')"

    assert errors(judged({"app.py": source, "static/data/x.json": "{}"})) == []


@pytest.mark.parametrize(
    "source",
    [
        "for name in NAMES:\n    importlib.import_module(name)",
        "NAMES = ['pandas']\nNAMES.remove('pandas')\nfor name in NAMES:\n    importlib.import_module(name)",
        "NAMES = ['pandas']\nNAMES = []\nfor name in NAMES:\n    importlib.import_module(name)",
        "NAMES = ['pandas']\ndel NAMES[0]\nfor name in NAMES:\n    importlib.import_module(name)",
        "for name in ['json', 'pandas']:\n    importlib.import_module(name)\n    break",
        "for name in ['pandas']:\n    if name in x:\n        continue\n    importlib.import_module(name)",
        "for name in ['pandas']:\n    name = 'json'\n    importlib.import_module(name)",
        "for name in ['pandas']:\n    try:\n        importlib.import_module(name)\n    except: ...",
        "M = [importlib.import_module(n) for n in ['pandas'] if available(n)]",
        "M = (importlib.import_module(n) for n in ['pandas'])",
        "M = map(importlib.import_module, ['pandas'])",
        "load = lambda: importlib.import_module('pandas')",
        "load = lambda: importlib.import_module('pandas')\nload = print\nload()",
        "if x:\n    importlib.import_module('pandas')",
        "X = x and importlib.import_module('pandas')",
        "try:\n    importlib.import_module('pandas')\nexcept Exception:\n    print('none')",
        "def deco(f):\n    def wrap():\n        import pandas\n    return wrap\n@deco\ndef run(): ...",
        "def deco(f):\n    import pandas\n    return f\ndef later():\n    @deco\n    def run(): ...",
        "def deco(n):\n    def wrap(f):\n        import pandas\n    return wrap if n else 1\n@deco(0)\ndef run(): ...",
        "import other\n@other.wrap\ndef setup():\n    import pandas\nsetup()",
        "class setup:\n    pass\nclass A:\n    def setup():\n        import pandas\n    setup = print\n    setup()",
        "def setup():\n    import pandas\nX = [setup() for setup in (print,)]",
        "def setup():\n    import pandas\nX = (lambda setup: setup())(print)",
        "__import__('pandas', globals(), locals(), [], 1)",
        "importlib.import_module(name='.core', package=x)",
        "class C:\n    def __new__(cls):\n        return 1\n    def __init__(self):\n        import pandas\nC()",
        "class M(type): __call__ = print\nclass C(metaclass=M):\n    def __init__(self):\n        import pandas\nC()",
        "class B:\n    def __new__(cls): ...\nclass C(B):\n    def __init__(self):\n        import pandas\nC()",
        "class C(other.wrap):\n    def __init__(self):\n        import pandas\nC()",
        "def list(x): ...\nlist(importlib.import_module(n) for n in ['pandas'])",
        "def later(map):\n    list(map(importlib.import_module, ['pandas']))\nlater(print)",
        "def __import__(n): ...\n__import__('pandas')",
        "import sys, types\nsys.modules['pandas'] = types.ModuleType('pandas')\nimport pandas",
        "from sys import modules\nmodules.setdefault('pandas', other)\nimport pandas",
        "import sys\nsys.meta_path.insert(0, other)\nimport pandas",
    ],
)  # fmt: skip
def test_an_import_that_may_not_be_made_is_no_error(judged, source):
    assert errors(judged({"app.py": IMPORTLIB + source, "other.py": "wrap = print\n"})) == []


def test_a_decorator_of_another_module(judged):
    tools = "def timed(label):\n    def wrap(f):\n        import pandas\n        return f\n    return wrap\n"

    found = judged({"app.py": "from tools import timed\n@timed('x')\ndef run(): ...", "tools.py": tools})

    assert errors(found) == [("LS130", "error", "tools.py", 3)]


@pytest.mark.parametrize(
    "shop",
    [
        "__all__ = ['run', 'walk']\ndef run(): ...\n",
        "__all__ = ('run',)\n__all__ += ('walk',)\nfrom os import getcwd as run\n",
        "from shop.cart import *\n__all__ = ['buy', 'walk']\n",
    ],
)
def test_a_star_import_needs_what_the_module_lists(judged, shop):
    found = judged({"app.py": "from shop import *", "shop/__init__.py": shop, "shop/cart.py": "def buy(): ...\n"})

    assert errors(found) == [("LS131", "error", "app.py", 1)]
    assert "`shop` has no `walk`" in found.findings[0].message


@pytest.mark.parametrize(
    "shop",
    [
        "__all__ = ['run', 'cart']\ndef run(): ...\n",
        "__all__ = ['walk']\ndef __getattr__(name): return 1\n",
        "__all__ = ['walk']\nglobals()['walk'] = 1\n",
        "__all__ = ['x']\n__all__ = [n for n in dir() if n]\nfor x in (1,): pass\n",
        "__all__ = ['walk']\nif x:\n    def walk(): ...\n",
        "import names\n__all__ = names.ALL\n",
        "X = 1\n__all__ = [s for s in dir() if not s.startswith('_')]\n",
        "import names\n__all__ = ['names'] + [f'{n}walk' for n in names.ALL]\n",
        "__all__ = ['run', 'walk']\n__all__.remove('walk')\ndef run(): ...\n",
    ],
)
def test_what_a_star_import_may_have(judged, shop):
    files = {"shop/__init__.py": shop, "shop/cart.py": "", "names.py": "ALL = ['x']\n"}

    assert errors(judged({"app.py": "from shop import *", **files})) == []


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("import shop.cart\nX = shop.cart.nothing", 2),
        ("from shop import cart\nX = cart.nothing()", 2),
        ("import shop.cart as c\nclass A(c.nothing): ...", 2),
        ("from shop import cart\n@cart.nothing\ndef run(): ...", 2),
        ("from shop import cart\ndef setup():\n    return cart.nothing\nsetup()", 3),
        ("import shop\nif shop.nothing:\n    pass", 2),
    ],
)
def test_an_attribute_that_a_module_does_not_have(judged, source, line):
    found = judged({"app.py": source, "shop/__init__.py": "", "shop/cart.py": "def buy(): ...\n"})

    assert errors(found) == [("LS131", "error", "app.py", line)]


def test_an_attribute_that_left_the_standard_library(judged):
    assert errors(judged("import collections\nX = collections.Mapping")) == [("LS131", "error", "app.py", 2)]


@pytest.mark.parametrize(
    "source",
    [
        "import shop\nshop.nothing = 1\nX = shop.nothing",
        "import shop\nsetattr(shop, 'nothing', 1)\nX = shop.nothing",
        "import shop\nfor n in names:\n    setattr(shop, n, 1)\nX = shop.nothing",
        "import shop\nshop.__dict__['nothing'] = 1\nX = shop.nothing",
        "import shop\nvars(shop).update(nothing=1)\nX = shop.nothing",
        "import shop\nX = hasattr(shop, 'nothing') and shop.nothing",
        "import shop\ndef later():\n    return shop.nothing",
        "import shop\ntry:\n    X = shop.nothing\nexcept AttributeError:\n    X = 1",
        "import shop\nX = shop.cart\nY = shop.__name__, shop.__dict__",
        "import shop\nshop = object()\nX = shop.nothing",
        "import shop\nfor shop in ():\n    pass\nX = shop.nothing",
        "import shop\ndef run(x: shop.nothing): ...",
        "from shop import cart\nX = cart.buy.nothing",
        "import open_shop\nX = open_shop.nothing",
        "from shop import thing\nX = thing.nothing",
    ],
)
def test_an_attribute_that_may_be_there(judged, source):
    files = {"shop/__init__.py": "thing = object()\n", "shop/cart.py": "def buy(): ...\n"}

    assert errors(judged({"app.py": source, **files, "open_shop.py": "def __getattr__(n): return n\n"})) == []
