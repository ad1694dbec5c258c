"""Imports become lazy only where the package goes on to behave like the eager one; every test runs real processes."""

import json
import marshal
import shutil
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.behaviour import Difference
from lambda_slim.model.function import Function
from lambda_slim.model.member import Member, Shaped
from lambda_slim.model.settings import Settings, Startup, Waiting
from lambda_slim.model.target import Target
from lambda_slim.run.compiler import compile_modules
from lambda_slim.startup.records import ImportTarget, SourceModule
from lambda_slim.startup.report import lazy_rows
from lambda_slim.startup.table import names_of
from lambda_slim.tasks.startup.bench import StartupBench, compile_orders, scan_sources
from lambda_slim.tasks.startup.levers import add_levers
from lambda_slim.tasks.startup.make import preloaded, unfit
from lambda_slim.tasks.startup.proof import candidate_names, drop_package, settle, state_round
from tests.target_python import PYTHON, TAG, VERSION

pytestmark = pytest.mark.slow  # several lives of a function each

RUNTIME = runtimes()[f"python{VERSION[0]}.{VERSION[1]}"]


class Package:
    """A package of some sources; those below `app` are first-party."""

    def __init__(self, folder, sources, events=({},), eager=(), environment=None, lazy=Waiting.UNREAD):
        every = {path: textwrap.dedent(source).encode() for path, source in sources.items()}
        texts = {path: data for path, data in every.items() if path.endswith(".py")}
        codes = compile_modules(PYTHON, list(texts.items()))
        cached = {
            path: f"{path.rpartition('/')[0]}/__pycache__/{Path(path).stem}.{TAG}.pyc".lstrip("/") for path in texts
        }
        members = [Member(path, data, origin=path) for path, data in every.items()]
        members += [Member(cached[path], code, origin=path) for path, code in zip(texts, codes, strict=True)]
        function = Function("F", "app.handler", folder, Target(RUNTIME, "x86_64"), environment=environment or {})
        settings = Settings(root=folder, offline=True, eager=tuple(eager), startup=Startup.LAZY, lazy=lazy)
        rows = tuple((f"e{number}", json.dumps(event).encode()) for number, event in enumerate(events))
        self.bench = StartupBench(
            function, settings, PYTHON, Shaped(tuple(members), "all"), folder / "bench", rows, texts
        )
        scans = scan_sources(PYTHON, RUNTIME.python, texts)
        names = {path: path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in texts}
        self.bench.modules = {
            names[path]: SourceModule(names[path], path, path.endswith("__init__.py"), path.startswith("app"), scan)
            for path, scan in scans.items()
        }
        self.bench.lay()
        self.bench.take_base(lambda: candidate_names(self.bench))
        self.work = settle(self.bench, lambda _: None)

    @property
    def lazy(self):
        """The names that wait."""
        return set(names_of(self.work.table))

    @property
    def levers(self):
        """What else INIT leaves out."""
        return [lever.name for lever in self.bench.levers]

    def answers(self, *events, eager=False):
        """What a package answers to other events, both as one life."""
        seen = self.bench.events
        self.bench.events = tuple((f"h{number}", json.dumps(event).encode()) for number, event in enumerate(events))
        package = self.bench.eager if eager else self.bench.hold(self.work.table)
        life, self.bench.events = self.bench.live(package), seen
        return [(answer.kind, json.loads(answer.body)) for answer in life.run.answers]

    def same(self, *events):
        """Whether events that were not seen are answered as by the eager package."""
        assert self.answers(*events) == self.answers(*events, eager=True)


@pytest.fixture
def package(tmp_path):
    return lambda sources, **more: Package(tmp_path, sources, **more)


HANDLER = """\
    import heavy

    def handler(event, context):
        return heavy.work() if event.get("heavy") else "light"
"""


def test_what_neither_init_nor_an_event_reads_waits_and_a_held_back_event_finds_it(package):
    made = package({"app.py": HANDLER, "heavy.py": "import colorsys\n\ndef work():\n    return colorsys.__name__\n"})

    assert ("app", "heavy") in made.lazy
    assert "heavy" not in made.work.life.last.modules
    made.same({"heavy": True}, {})


def test_what_an_event_reads_is_imported_at_init(package):
    made = package({"app.py": HANDLER, "heavy.py": "def work():\n    return 1\n"}, events=({"heavy": True},))

    assert ("app", "heavy") not in made.lazy
    assert made.work.reasons["app", "heavy"] == "INIT or an event reads it"


def test_the_wider_setting_also_lets_wait_what_only_an_event_reads_and_auto_never_does(package):
    heavy = "def work():\n    return 1\n"
    made = package({"app.py": HANDLER, "heavy.py": heavy}, events=({"heavy": 1}, {}), lazy=Waiting.INIT)

    assert ("app", "heavy") in made.lazy
    assert "heavy" in made.work.life.last.modules - made.work.life.snapshots[0].modules
    made.same({}, {"heavy": 1}, {"heavy": 1})
    (row,) = (row for row in lazy_rows(made.work.evidence, made.work.table, {}, made.work.life.last.read))
    assert row.event_reads
    assert not replace(made.bench.settings, startup=Startup.AUTO).waits_for_init_only


def test_nothing_waits_on_the_evidence_of_events_that_all_fail(package):
    code = "import heavy\n\ndef handler(event, context):\n    return event['absent'] or heavy\n"
    failing = package({"app.py": code, "heavy.py": "x = 1\n"}, events=({}, {"a": 1}))
    assert unfit(failing.bench).startswith("without lazy imports too, every event fails")


def test_one_event_that_succeeds_is_evidence(package):
    code = "import heavy\n\ndef handler(event, context):\n    return event['absent'] or heavy\n"
    made = package({"app.py": code, "heavy.py": "x = 1\n"}, events=({}, {"absent": 1}))
    assert unfit(made.bench) == ""


def test_first_party_modules_are_loaded_at_once(package):
    made = package(
        {
            "app.py": "import app_more\n\ndef handler(event, context):\n    return app_more.x if event else 1\n",
            "app_more.py": "x = 2\n",
        }
    )

    assert made.lazy == set()
    assert "first-party" in made.work.reasons["app", "app_more"]


def test_the_settings_keep_an_import_eager(package):
    sources = {"app.py": HANDLER, "heavy.py": "def work():\n    return 1\n"}

    assert package(sources, eager=["hea*"]).lazy == set()


def test_a_plugin_that_registers_itself_is_loaded_with_its_registry(package):
    made = package(
        {
            "app.py": """\
                import registry
                from plugin import Extra

                def handler(event, context):
                    return sorted(registry.KINDS) if event.get("all") else Extra and 1 if event else 0
            """,
            "registry.py": """\
                KINDS = {}

                class Base:
                    def __init_subclass__(cls):
                        KINDS[cls.__name__] = cls
            """,
            "plugin.py": "import registry\n\nclass Extra(registry.Base):\n    pass\n",
        }
    )

    assert ("app", "Extra") not in made.lazy
    made.same({"all": True})


def test_a_plugin_of_an_entry_point_is_found_and_keeps_what_it_registers(package):
    made = package(
        {
            "app.py": """\
                from importlib.metadata import entry_points
                import registry
                import plugin_two

                def handler(event, context):
                    if not event:
                        return 0
                    loaded = [point.load().__name__ for point in entry_points(group="app.kinds")]
                    return [loaded, sorted(registry.KINDS), plugin_two.__name__]
            """,
            "registry.py": "KINDS = {}\n\ndef register(kind):\n    KINDS[kind.__name__] = kind\n    return kind\n",
            "plugin_one.py": """\
                import colorsys
                from registry import register

                @register
                class One:
                    def name(self):
                        return colorsys.__name__
            """,
            "plugin_two.py": "from registry import register\n\n@register\nclass Two:\n    pass\n",
            "kinds-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: kinds\nVersion: 1\n",
            "kinds-1.dist-info/entry_points.txt": "[app.kinds]\none = plugin_one:One\n",
        }
    )

    assert ("app", "plugin_two") not in made.lazy
    made.same({"all": True})


def test_models_that_register_deep_inside_an_object_are_loaded_with_it(package):
    made = package(
        {
            "app.py": """\
                from registry import apps
                from shop import Order

                def handler(event, context):
                    return apps.names() if event.get("all") else Order and 1 if event else 0
            """,
            "registry.py": """\
                from collections import defaultdict

                class Apps:
                    def __init__(self):
                        self.models = defaultdict(dict)

                    def names(self):
                        return sorted(name for rows in self.models.values() for name in rows)

                apps = Apps()

                class Model(type):
                    def __init__(cls, name, bases, space):
                        apps.models[cls.__module__][name] = cls
            """,
            "shop.py": "from registry import Model\n\nclass Order(metaclass=Model):\n    pass\n",
        }
    )

    assert ("app", "Order") not in made.lazy
    made.same({"all": True})


def test_the_module_that_fills_a_table_with_plain_texts_is_known_without_a_search(package, monkeypatch):
    monkeypatch.setattr("lambda_slim.tasks.startup.proof.culprits", None)
    made = package(
        {
            "app.py": """\
                import options
                import middle
                import idle

                def handler(event, context):
                    return [sorted(options.KNOWN), middle and idle and 1] if event.get("all") else 0
            """,
            "options.py": "KNOWN = {}\n",
            "middle.py": "import writer\n\ndef use():\n    return writer\n",
            "writer.py": "import options\noptions.KNOWN['display.width'] = 80\n",
            "idle.py": "import colorsys\n",
        }
    )

    assert ("middle", "writer") not in made.lazy
    assert ("app", "idle") in made.lazy
    made.same({"all": True})


def test_looking_at_a_module_does_not_wake_a_proxy_in_it(package):
    made = package(
        {
            "app.py": """\
                import late
                import heavy

                def handler(event, context):
                    return late.MADE or heavy.__name__
            """,
            "late.py": """\
                MADE = []

                class Proxy:
                    @property
                    def __dict__(self):
                        MADE.append(1)
                        return {}

                    @property
                    def __class__(self):
                        MADE.append(2)
                        return int

                proxy = Proxy()
            """,
            "heavy.py": "",
        }
    )

    assert made.bench.base.behaviour.results["e0"] == ("response", "heavy")


def test_reading_a_name_does_not_ask_the_proxy_that_it_stands_for(package):
    made = package(
        {
            "app.py": """\
                import front

                def handler(event, context):
                    return front.look() if event.get("front") else "light"
            """,
            "front.py": """\
                from proxies import ASKED, session

                def look():
                    return [bool(session), list(ASKED)]
            """,
            "proxies.py": """\
                ASKED = []

                class Proxy:
                    @property
                    def __class__(self):
                        ASKED.append("class")
                        return dict

                    def __getattr__(self, name):
                        ASKED.append(name)
                        raise AttributeError(name)

                session = Proxy()
            """,
        },
        events=({}, {"front": 1}),
        lazy=Waiting.INIT,
    )

    assert ("front", "session") in made.lazy
    assert made.answers({"front": 1}) == [("response", [True, []])]


def test_a_difference_of_a_name_that_is_read_needs_no_search(package):
    made = package(
        {
            "app.py": """\
                import late
                import sys

                def handler(event, context):
                    return [late.work(), "more" in sys.modules]
            """,
            "late.py": """\
                import sys
                import more
                import unused
                FIRST = "more" in sys.modules

                def work():
                    return [FIRST, more.__name__]

                def never():
                    return unused
            """,
            "more.py": "",
            "unused.py": "import colorsys",
        }
    )

    assert made.work.searches == 0
    assert ("late", "more") not in made.lazy
    assert ("late", "unused") in made.lazy


def test_a_registry_that_is_not_loaded_itself_keeps_its_plugins_when_it_is(package):
    made = package(
        {
            "app.py": """\
                from registry import names
                from plugin import Extra

                def handler(event, context):
                    if event.get("names"):
                        return names()
                    return Extra.__name__ if event.get("extra") else "none"
            """,
            "registry.py": "KINDS = {}\n\ndef names():\n    return sorted(KINDS)\n",
            "plugin.py": "import registry\n\nclass Extra:\n    pass\n\nregistry.KINDS['extra'] = Extra\n",
        }
    )

    made.same({"names": True}, {"extra": True})


@pytest.mark.parametrize(
    "effect",
    [
        "import os\nos.environ['EFFECT'] = '1'\n",
        "import atexit\n\ndef leave():\n    pass\n\natexit.register(leave)\n",
        "import signal\n\ndef ring(*_):\n    pass\n\nsignal.signal(signal.SIGUSR1, ring)\n",
        "import logging\nlogging.getLogger().setLevel(5)\n",
        "import codecs\n\ndef search(name):\n    return None\n\ncodecs.register(search)\n",
        "import warnings\nwarnings.filterwarnings('ignore', 'effect')\n",
        "import sys\nsys.setrecursionlimit(1234)\n",
        "import sys\n\nclass Finder:\n    find_spec = staticmethod(lambda *_: None)\n\nsys.meta_path.append(Finder)\n",
        "import json\n\ndef default(self, o):\n    return str(o)\n\njson.JSONEncoder.default = default\n",
        "import other\n\ndef replaced():\n    return 2\n\nother.value = replaced\n",
        "import builtins\nbuiltins.added = 1\n",
        "import gc\ngc.set_threshold(9)\n",
        "import decimal\ndecimal.getcontext().prec = 7\n",
        "import other\nother.value.mode = 'changed'\n",
        "import faulthandler\nfaulthandler.enable()\n",
    ],
)
def test_a_module_whose_import_changes_what_others_see_is_imported_at_init(package, effect):
    made = package(
        {
            "app.py": """\
                import effect
                import other

                def handler(event, context):
                    return effect.__name__ if event.get('use') else other.value()
                """,
            "effect.py": effect,
            "other.py": "def value():\n    return 1\n",
        },
        events=({},),
    )

    assert ("app", "effect") not in made.lazy


def test_an_import_hook_sees_the_modules_that_it_saw(package):
    made = package(
        {
            "app.py": """\
                import tracer
                import client

                def handler(event, context):
                    return client.call() if event else tracer.SEEN[:0]
            """,
            "tracer.py": """\
                import sys

                SEEN = []

                class Hook:
                    def find_spec(self, name, path=None, target=None):
                        SEEN.append(name)

                sys.meta_path.insert(0, Hook())
            """,
            "client.py": "def call():\n    return 'called'\n",
        },
        events=({},),
    )

    assert "tracer" in made.work.life.snapshots[0].modules
    made.same({"call": True})


def test_modules_that_replace_themselves_or_look_at_their_names_stay_as_they_are(package):
    made = package(
        {
            "app.py": """\
                import itself
                import looks

                def handler(event, context):
                    return [itself.answer(), looks.names()] if event else 0
                """,
            "itself.py": """\
                import sys
                import colorsys

                class Module:
                    __name__ = "itself"
                    def answer(self):
                        return colorsys.__name__

                sys.modules[__name__] = Module()
            """,
            "looks.py": "import chunky\n\ndef names():\n    return 'chunky' in globals() and chunky.__name__\n",
            "chunky.py": "",
        },
        events=({},),
    )

    assert not any(module in ("itself", "looks") for module, _ in made.lazy)
    made.same({"all": True})


def test_a_submodule_that_somebody_else_imported_is_still_an_attribute_of_its_package(package):
    made = package(
        {
            "app.py": """\
                import lib
                import importer

                def handler(event, context):
                    return lib.sub.VALUE if event.get("sub") else importer.use() if event else 0
            """,
            "importer.py": "import lib.sub\n\ndef use():\n    return lib.sub.VALUE + 1\n",
            "lib/__init__.py": "",
            "lib/sub.py": "VALUE = 7\n",
        },
        events=({},),
    )

    assert "lib.sub" not in made.work.life.last.modules
    made.same({"sub": True}, {"use": True})


def test_a_module_that_has_a_second_name_in_sys_modules_is_loaded_with_the_package_above_that(package):
    made = package(
        {
            "app.py": """\
                import vendor
                import client

                def handler(event, context):
                    if event.get("both"):
                        from vendor.lib import errors
                        return errors.Error is client.error()
                    return 0
            """,
            "client.py": "import lib.errors\n\ndef error():\n    return lib.errors.Error\n",
            "lib/__init__.py": "",
            "lib/errors.py": "class Error(Exception):\n    pass\n",
            "vendor/__init__.py": """\
                import sys
                import client
                import lib

                for name in list(sys.modules):
                    if name.partition(".")[0] == "lib":
                        sys.modules["vendor." + name] = sys.modules[name]
            """,
        },
        events=({},),
    )

    made.same({"both": True})


def test_a_namespace_package_keeps_its_submodules(package):
    made = package(
        {
            "app.py": """\
                import space
                import importer

                def handler(event, context):
                    return space.sub.VALUE if event else 0
                """,
            "importer.py": "import space.sub\n\ndef use():\n    return space.sub\n",
            "space/sub.py": "VALUE = 7\n",
        },
        events=({},),
    )

    made.same({"sub": True})


def test_star_imports_in_a_row_pass_every_name_on(package):
    made = package(
        {
            "app.py": """\
                from first import *

                def handler(event, context):
                    return colorsys.__name__ if event else 0
                """,
            "first.py": "from second import *\n",
            "second.py": "import colorsys\n\ndef use():\n    return colorsys\n",
        },
        events=({},),
    )

    made.same({"name": True})


def test_an_import_that_is_meant_to_fail_fails_at_once(package):
    made = package(
        {
            "app.py": "import optional\n\ndef handler(event, context):\n    return optional.HAS\n",
            "optional.py": "try:\n    import fast\n    HAS = True\nexcept ImportError:\n    HAS = False\n",
            "fast.py": "import not_installed\n\ndef run():\n    return not_installed\n",
        }
    )

    made.same({})


def test_a_circle_that_works_only_from_one_side_stays_eager(package):
    made = package(
        {
            "app.py": """\
                import left
                from right import late

                def handler(event, context):
                    return late() if event else left.NAME
                """,
            "left.py": "NAME = 'left'\nimport right\nBASE = right.late\n",
            "right.py": "import left\nSEEN = left.NAME\n\ndef late():\n    return left.BASE is late\n",
        },
        events=({},),
    )

    made.same({"late": True})


def test_a_handler_that_forks_and_one_that_uses_threads_read_lazy_names(package):
    made = package(
        {
            "app.py": """\
                import os
                import threading
                import heavy

                def handler(event, context):
                    if event.get("fork"):
                        source, sink = os.pipe()
                        if not os.fork():
                            os.write(sink, heavy.NAME.encode())
                            os._exit(0)
                        os.wait()
                        return os.read(source, 99).decode()
                    if event.get("threads"):
                        names = []
                        threads = [threading.Thread(target=lambda: names.append(heavy.NAME)) for _ in range(6)]
                        [thread.start() for thread in threads]
                        [thread.join() for thread in threads]
                        return names
                    return 0
            """,
            "heavy.py": "import time\nSLEPT = time.sleep(0.05)\nNAME = 'heavy'\n",
        },
        events=({},),
    )

    assert ("app", "heavy") in made.lazy
    made.same({"fork": True}, {"threads": True})


def test_a_name_that_needs_a_thread_of_init_is_read_after_an_init_of_its_own(package):
    made = package(
        {
            "app.py": """\
                import threading

                threading.Thread(target=threading.Event().wait, name="ours", daemon=True).start()
                import heavy

                def handler(event, context):
                    return heavy.work() if event else "light"
            """,
            "heavy.py": """\
                import os
                import threading

                ALONE = "ours" not in [thread.name for thread in threading.enumerate()]
                DEAD = ALONE and os._exit(3)  # as in a copy of a process, which has no threads

                def work():
                    return "heavy"
            """,
        }
    )

    assert ("app", "heavy") in made.lazy
    made.same({"heavy": True})


THIRD_PARTY = {
    "heavy.py": "import colorsys\n\ndef work():\n    return colorsys.__name__\n",
    "other.py": "import chunk_of\n\ndef work():\n    return chunk_of.X\n",
    "chunk_of.py": "X = 1\n",
}
TWO = """\
    import heavy
    import other

    def handler(event, context):
        return [heavy.work(), other.work(), {answer!r}] if event else {answer!r}
"""


def test_one_changed_line_of_own_code_reads_no_name_again(package, monkeypatch):
    first = package({"app.py": TWO.format(answer="first"), **THIRD_PARTY})
    monkeypatch.setattr(StartupBench, "read", lambda *_, **__: pytest.fail("the names were read again"))
    shutil.rmtree(first.bench.folder)
    made = package({"app.py": TWO.format(answer="second"), **THIRD_PARTY})

    assert made.lazy == first.lazy
    assert {reading.brought for reading in made.work.readings.values()} == {
        reading.brought for reading in first.work.readings.values()
    }
    made.same({"all": True}, {})


@pytest.mark.parametrize(
    ("path", "more"), [("chunk_of.py", "Y = 2\n"), ("app.py", "heavy.mode = 'changed'\n"), ("notes.txt", "x")]
)
def test_what_a_value_may_depend_on_has_it_read_again(package, monkeypatch, path, more):
    sources = {"app.py": TWO.format(answer="first"), **THIRD_PARTY, "notes.txt": ""}
    first, asked = package(sources), []
    shutil.rmtree(first.bench.folder)
    read = StartupBench.read
    monkeypatch.setattr(StartupBench, "read", lambda *given, **how: asked.append(given) or read(*given, **how))
    package({**sources, path: textwrap.dedent(sources[path]) + more})

    assert asked


def test_a_group_that_nothing_has_changed_for_is_read_again_with_all_others_of_its_kind(package, monkeypatch):
    asked, read = [], StartupBench.read

    def spy(bench, place, groups, *, fork):
        asked.extend(map(tuple, groups) if fork else ())
        return read(bench, place, groups, fork=fork)

    monkeypatch.setattr(StartupBench, "read", spy)
    made = package(
        {
            "app.py": """\
                import heavy
                import other
                import registry
                import failing

                def handler(event, context):
                    return [heavy.work(), other.work(), failing and 1, registry.KNOWN] if event else 0
            """,
            **THIRD_PARTY,
            "registry.py": "KNOWN = []\n",
            "failing.py": "import registry\nregistry.KNOWN += [1]\n",
        }
    )

    assert ("app", "failing") not in made.lazy
    assert asked.count((("app", "heavy"),)) == 1
    assert any({("app", "heavy"), ("app", "other")} <= set(group) for group in asked)
    made.same({"all": True})


def test_the_rest_of_init_is_as_it_was_when_it_ends(package):
    made = package(
        {
            "app.py": """\
                import gc
                import re

                WORD = re.compile('(?P<a>x+)|[a-c]', re.I)

                def handler(event, context):
                    seen = [gc.isenabled(), gc.get_freeze_count() > 3000, WORD.flags, bool(WORD.match('B'))]
                    compiler = getattr(re, '_compiler', None)
                    return [*seen, compiler and compiler.compile.__module__]
                """,
        },
    )
    before = made.answers({}, eager=True)
    add_levers(made.work)

    assert made.levers[:1] == ["regular expressions"]  # the event asks how many objects are frozen
    assert made.answers({}) == before


def test_garbage_and_regular_expressions_are_left_out_where_nobody_can_tell(package):
    made = package(
        {
            "app.py": """\
                import re

                WORD = re.compile("(?P<a>x+)|[a-c]", re.I)

                def handler(event, context):
                    return [WORD.flags, dict(WORD.groupindex), bool(WORD.match("B")), re.findall("b+", "abba")]
            """,
        }
    )
    before = made.answers({}, eager=True)
    add_levers(made.work)

    assert made.levers[:2] == ["garbage collection", "regular expressions"]
    assert made.answers({}) == before


def test_texts_that_init_compiles_are_compiled_by_the_build(package):
    made = package(
        {
            "app.py": """\
                import dataclasses
                import typing

                import maker

                @dataclasses.dataclass
                class Row:
                    name: str
                    size: "int" = 1

                HINTS = typing.get_type_hints(Row)
                SAME = maker.function("same")

                def handler(event, context):
                    later = maker.function(event["name"])
                    left = [name for name in ("compile", "exec") for module in (typing, dataclasses, maker)
                            if name in vars(module)]
                    late = [later(1), SAME(2), SAME.__code__.co_filename, SAME.__annotations__]
                    return [repr(Row("a")), sorted(HINTS), *late, left]
            """,
            "maker.py": """\
                from __future__ import annotations

                def function(name):
                    space = {}
                    text = f"def {name}(x: int):\\n    return x\\n"
                    eval(compile(text, f"<made {name}>", "exec"), space)
                    return space[name]
            """,
        },
        events=[{"name": "one"}],
    )
    before = made.answers({"name": "other"}, eager=True)
    add_levers(made.work)
    [lever] = [lever for lever in made.work.bench.levers if lever.name == "code made from texts"]
    _, own, known = marshal.loads(lever.members[1].data)

    assert lever.takers == ("maker",)
    assert any("__init__" in text for text, _, _ in own["dataclasses"])
    assert ("def same(x: int):\n    return x\n", "<made same>", "exec") in known["maker"]
    assert made.answers({"name": "other"}) == before


def test_a_handler_that_switches_garbage_collection_off_keeps_it_off(package):
    made = package({"app.py": "import gc\ngc.disable()\n\ndef handler(event, context):\n    return 1\n"})
    add_levers(made.work)

    assert "garbage collection" not in made.levers


def test_bytecode_of_a_source_that_does_not_ship_knows_no_columns(package):
    made = package({"app.py": HANDLER, "heavy.py": "def work():\n    return 1\n"})
    shaped = made.bench.shaped
    made.bench.shaped = replace(shaped, members=tuple(m for m in shaped.members if m.name != "heavy.py"))

    order = {"lazy": {"json": [["json", None, 0]]}, "used": []}
    codes = compile_orders(made.bench, {"app.py": order, "heavy.py": order})

    columns = {path: {row[2] for row in marshal.loads(data[16:]).co_positions()} for path, data in codes.items()}
    assert columns["heavy.py"] == {None}
    assert 0 in columns["app.py"]


def test_a_module_that_makes_its_own_names_late_is_no_effect_of_others(package):
    made = package(
        {
            "app.py": "import user\n\ndef handler(event, context):\n    return user.name(event.get('late'))\n",
            "user.py": """\
                import other
                from heavy import work

                def name(late):
                    other.used()
                    return work() if late else other.used.__name__
            """,
            "heavy.py": "import kinds\n\nWANTED = kinds.Kind\n\ndef work():\n    return WANTED.__name__\n",
            "kinds/__init__.py": """\
                def __getattr__(name):
                    if name == 'Kind':
                        from kinds.deep import Kind
                        globals()['Kind'] = Kind
                        return Kind
                    raise AttributeError(name)
            """,
            "kinds/deep.py": "class Kind:\n    def method(self):\n        pass\n",
            "other.py": "import kinds\nimport kinds.deep\n\ndef used():\n    pass\n",
        },
        events=({},),
    )

    assert ("user", "work") in made.lazy
    made.same({"late": True})


ANSWERING = {
    "lib/lazily.py": """\
        import sys

        def install():
            space = sys._getframe(1).f_globals

            def __getattr__(name):
                if name != "Limit":
                    raise AttributeError(name)
                from lib.deep import Limit
                Limit.__module__ = "lib"
                space["Limit"] = Limit
                return Limit

            space["__getattr__"] = __getattr__
            return True

        def rename():
            pass
    """,
    "lib/__init__.py": """\
        from .lazily import install, rename

        if not install():
            from .deep import Limit
            rename()
    """,
    "lib/deep.py": """\
        import fractions
        from typing import Protocol

        class Limit(Protocol):
            rows = ()

            def method(self):
                pass
    """,
    "lib/core.py": "import decimal\n\ndef work():\n    return decimal.__name__\n",
}


def test_a_package_that_is_given_its_getattr_keeps_submodules_that_wait(package):
    made = package(
        {
            **ANSWERING,
            "app.py": "import user\n\ndef handler(event, context):\n    return user.name(event.get('late'))\n",
            "user.py": """\
                import lib
                import other

                def name(late):
                    return [lib.core.work(), lib.Limit.__name__] if late else None

                def more():
                    return other
            """,
            "other.py": "import lib.core\n\ndef more():\n    return lib\n",
        },
    )

    assert ("lib", "core") in made.lazy
    assert not made.work.taken
    made.same({"late": True})


def test_a_branch_that_has_not_run_changes_nothing_elsewhere(package):
    made = package(
        {
            **ANSWERING,
            "app.py": "import user\n\ndef handler(event, context):\n    return user.name(event.get('late'))\n",
            "user.py": """\
                import lib.lazily
                from heavy import work

                def name(late):
                    return work() if late else lib.lazily.__name__
            """,
            "sub/__init__.py": ANSWERING["lib/__init__.py"].replace("from .lazily", "from lib.lazily"),
            "sub/deep.py": ANSWERING["lib/deep.py"],
            "heavy.py": "import sub\n\ndef work():\n    return sub.__name__\n",
        },
    )

    assert ("user", "work") in made.lazy
    assert not made.work.taken
    made.same({"late": True})


def test_what_a_package_that_waits_itself_makes_late_is_no_effect_of_others(package):
    made = package(
        {
            **ANSWERING,
            "app.py": "import user\n\ndef handler(event, context):\n    return user.name(event.get('late'))\n",
            "user.py": """\
                from heavy import work
                from second import more

                def name(late):
                    return [more(), work()] if late else None
            """,
            "heavy.py": "from lib import Limit\n\nKIND = Limit.method\n\ndef work():\n    return KIND.__name__\n",
            "second.py": "import lib.core\n\ndef more():\n    return lib.core.work()\n",
        },
    )

    assert {("user", "work"), ("user", "more")} <= made.lazy
    assert not made.work.taken
    made.same({"late": True})


def test_of_two_imports_the_one_that_is_loaded_with_the_registry_is_enough(package):
    made = package(
        {
            "app.py": """\
                import other
                import shop

                def handler(event, context):
                    return shop.names() if event.get("shop") else other.use(event.get("plugin"))
            """,
            "shop.py": """\
                import registry
                import plugin

                def names():
                    return sorted(registry.KINDS)

                def never():
                    return plugin
            """,
            "other.py": "import plugin\n\ndef use(wanted):\n    return plugin.NAME if wanted else 1\n",
            "registry.py": "KINDS = {}\n",
            "plugin.py": "import registry\n\nNAME = 'plugin'\nregistry.KINDS[NAME] = NAME\n",
        }
    )

    assert {("other", "plugin"), ("app", "shop")} <= made.lazy
    assert ("shop", "plugin") not in made.lazy
    made.same({"shop": True}, {"plugin": True}, {})


DUPLICATE = """\
    import gc
    import json

    class Base:
        pass

    def twice(kind):  # as attrs and dataclasses make a class with slots: the first stays until it is collected
        return type(kind)(kind.__name__, kind.__bases__, {"again": True})

    @twice
    class Made(Base):
        pass

    def handler(event, context):
        if event.get("kinds"):
            gc.collect()
            return [len(Base.__subclasses__()), json.dumps(1)]
        return 1
"""


def counted(monkeypatch):
    """The packages of all lives from now on, in order."""
    lives, live = [], StartupBench.live
    monkeypatch.setattr(
        StartupBench, "live", lambda bench, place, *more: lives.append(place) or live(bench, place, *more)
    )
    return lives


def test_an_effect_that_the_next_life_would_lack_as_well_costs_no_life_of_its_own(package, monkeypatch):
    lives = counted(monkeypatch)
    made = package(
        {
            "app.py": """\
                import registry
                import used
                import plugin
                import heavy

                def handler(event, context):
                    more = [plugin.x, heavy.x, sorted(registry.KNOWN)] if event.get("all") else 0
                    return [used.x, more, registry.__name__]
            """,
            "used.py": "x = 1\n",
            "registry.py": "KNOWN = {}\n",
            "plugin.py": "import deep\nx = 1\n",
            "deep.py": "import registry\n\nclass Plugin:\n    pass\n\nregistry.KNOWN['plugin'] = Plugin\n",
            "heavy.py": "import colorsys\nx = 2\n",
        },
        events=({"ask": 1},),
    )

    assert ("app", "heavy") in made.lazy
    assert not {("app", "plugin"), ("app", "used")} & made.lazy
    assert [place.parent.name for place in lives].count("lazy") == 2
    made.same({"all": 1}, {})


def test_the_eager_package_is_asked_what_names_are_in_a_life_that_it_has_anyway(package, monkeypatch):
    asked, read = [], StartupBench.read
    monkeypatch.setattr(
        StartupBench,
        "read",
        lambda bench, place, *given, **how: asked.append(place) or read(bench, place, *given, **how),
    )
    unseen = {path: source + "\n# no reading of it is kept\n" for path, source in THIRD_PARTY.items()}
    made = package({"app.py": TWO.format(answer="own life"), **unseen})

    assert {("app", "heavy"), ("app", "other")} <= made.lazy
    assert asked == [made.bench.lazy]
    assert made.work.eager_values["app", "heavy"] == "module heavy"


def test_a_package_that_works_in_one_order_of_its_own_imports_keeps_it_and_no_other_package_of_that_name(package):
    made = package(
        {
            "app.py": """\
                import outer.inner
                import outer.other

                def handler(event, context):
                    return [outer.inner.first.helper(), outer.other.use()] if event.get("all") else outer.inner.KIND
            """,
            "outer/__init__.py": "",
            "outer/inner/__init__.py": """\
                from outer.inner import first
                from outer.inner.stamps import Stamp

                KIND = Stamp.x

                def more():
                    return first
            """,
            "outer/inner/first.py": """\
                def helper():
                    return 1

                from outer.inner.stamps import Stamp

                class Sub(Stamp):
                    pass
            """,
            "outer/inner/stamps.py": "from outer.inner.first import helper\n\nclass Stamp:\n    x = helper()\n",
            "outer/other.py": "from outer import part\n\ndef use():\n    return part.x\n",
            "outer/part.py": "import colorsys\nx = 2\n",
        }
    )

    assert ("outer.other", "part") in made.lazy
    assert "in a circle" in made.work.taken["outer.inner", "first"]
    made.same({"all": 1}, {})


def test_an_object_that_says_it_comes_from_a_module_that_waits_is_no_difference(package):
    made = package(
        {
            "app.py": """\
                import kinds
                import public

                def handler(event, context):
                    return public.Kind.__module__ if event.get("all") else len(kinds.EVERY)
            """,
            "kinds/__init__.py": "from kinds.made import Kind\nEVERY = (Kind,)\n",
            "kinds/made.py": "class Kind:\n    pass\n\nKind.__module__ = 'kinds.public'\n",
            "kinds/public.py": "import colorsys\nfrom kinds.made import Kind\n",
            "public.py": "from kinds.public import Kind\n",
        }
    )

    assert ("app", "public") in made.lazy
    made.same({"all": 1}, {})


def test_an_effect_that_is_several_imports_away_is_found_without_a_search(package):
    made = package(
        {
            "app.py": """\
                import front
                import heavy

                def handler(event, context):
                    return [front.x, heavy.x] if event.get("front") else "light"
            """,
            "front.py": "import middle\nx = 1\n\ndef use():\n    return middle\n",
            "middle.py": "import hook\n\ndef use():\n    return hook\n",
            "hook.py": "import os\nos.environ['HOOKED'] = 'yes'\n",
            "heavy.py": "import fractions\nx = 2\n\ndef use():\n    return fractions\n",
        }
    )

    assert made.work.searches == 0
    assert ("app", "heavy") in made.lazy
    assert not {("app", "front"), ("front", "middle"), ("middle", "hook")} & made.lazy
    made.same({"front": 1})


def test_what_loads_with_another_module_of_its_group_brings_no_effect(package):
    made = package(
        {
            "app.py": """\
                import flags
                import front

                def handler(event, context):
                    return [flags.X, front.aside, front.hook] if event.get("front") else "light"
            """,
            "front.py": "from shop import aside, hook\nimport middle\n\ndef use():\n    return aside, hook, middle\n",
            "middle.py": "import flags\n\ndef use():\n    return flags\n",
            "shop.py": "from costly import aside\nfrom late import hook\n\ndef use():\n    return aside, hook\n",
            "costly.py": "import colorsys\naside = 1\n\ndef use():\n    return colorsys\n",
            "late.py": "import flags\nimport kept\nkept.count += 1\nhook = 2\n\ndef use():\n    return flags\n",
            "kept.py": "count = 0\n",
            "flags.py": "X = 1\n",
        }
    )

    assert made.work.searches == 0
    assert {("app", "flags"), ("front", "aside"), ("shop", "aside"), ("front", "middle")} <= made.lazy
    assert ("front", "hook") not in made.lazy
    made.same({"front": 1}, {})


def test_a_filter_of_warnings_is_known_by_the_module_of_its_category(package):
    made = package(
        {
            "app.py": """\
                import front

                def handler(event, context):
                    return front.x if event.get("front") else "light"
            """,
            "front.py": "try:\n    import special\nexcept ImportError:\n    special = None\nx = 1\n",
            "special.py": "import warnings\nfrom kinds import Odd\nwarnings.simplefilter('always', Odd)\n",
            "kinds.py": "class Odd(Warning):\n    pass\n",
        }
    )

    assert made.work.searches == 0
    assert ("app", "front") not in made.lazy
    made.same({"front": 1})


def test_a_part_of_the_state_that_differs_again_is_asked_of_the_import_that_changes_it(package):
    made = package(
        {
            "app.py": """\
                import front
                import kinds
                import other
                import third

                NAME = third.__name__

                def handler(event, context):
                    return [front.x, kinds.Odd.__name__, other.x] if event.get("front") else "light"
            """,
            "front.py": "import warnings\nimport kinds\nwarnings.simplefilter('always', kinds.Odd)\nx = 1\n",
            "other.py": "import warnings\nwarnings.simplefilter('ignore', ImportWarning)\nx = 1\n",
            "third.py": "import warnings\nwarnings.simplefilter('ignore', ImportWarning)\n",
            "kinds.py": "class Odd(Warning):\n    pass\n",
        }
    )
    work, lazy = made.work, {name: (ImportTarget(name, None, 0, 1),) for name in ("front", "kinds", "other")}

    def dropped(shown):
        work.table, work.shown, work.tries, work.made = {"app": dict(lazy)}, set(shown), {}, {}
        work.life = work.bench.live(work.bench.hold(work.table))
        assert state_round(work)
        return set(lazy) - set(work.table["app"])

    assert dropped([]) == {"kinds"}
    assert dropped(["warnings.filters"]) == {"front"}
    assert work.searches == 0


def test_a_package_that_a_failed_init_names_is_imported_at_once(package):
    made = package(
        {
            "app.py": "import pkg\nimport heavy\n\ndef handler(event, context):\n    return event and [pkg, heavy]\n",
            "pkg/__init__.py": "import fractions\n\ndef use():\n    return fractions\n",
            "heavy.py": "import decimal\n\ndef use():\n    return decimal\n",
            "front.py": "import pkg\n\ndef use():\n    return pkg\n",
        }
    )
    before = made.lazy
    error = (
        "Runtime.ImportModuleError: Unable to import module 'app.handler': cannot import from pkg.early (/var/task/pkg)"
    )

    assert drop_package(made.work, [Difference("INIT", "well", error)])
    assert {module for module, _ in before - made.lazy} == {"pkg"}
    assert ("app", "heavy") in made.lazy
    assert not drop_package(made.work, [Difference("INIT", "well", "MemoryError")])


def test_a_package_whose_init_fails_loses_the_imports_of_its_own_modules_first(package):
    made = package(
        {
            "app.py": "import pkg\n\ndef handler(event, context):\n    return event and pkg\n",
            "pkg/__init__.py": "from pkg import early\n\ndef use():\n    return early\n",
            "pkg/early.py": "import fractions\nfrom . import late\n\ndef use():\n    return fractions, late\n",
            "pkg/late.py": "from pkg import early\n\ndef use():\n    return early\n",
        }
    )
    failed = [Difference("INIT", "well", "cannot import name 'x' from pkg.early")]

    assert ("pkg.early", "late") in made.lazy
    assert drop_package(made.work, failed)
    assert {("app", "pkg"), ("pkg.early", "fractions")} == made.lazy
    assert drop_package(made.work, failed)
    assert made.lazy == {("app", "pkg")}


@pytest.mark.parametrize("place", ["app.py", "kinds.py"])
def test_garbage_of_init_that_others_can_see_is_collected_where_it_is_made(package, place):
    sources = {"app.py": DUPLICATE}
    if place == "kinds.py":
        sources = {"kinds.py": DUPLICATE, "app.py": "import kinds\n\nhandler = kinds.handler\n"}
    made = package(sources)
    add_levers(made.work)

    assert made.levers[0] == "garbage collection"
    assert made.bench.levers[0].swept == (place.removesuffix(".py"),)
    made.same({"kinds": True})


def test_garbage_that_stays_where_it_is_made_keeps_collection_on(package):
    late = "\n    KEPT = [Base.__subclasses__()[0]]\n"  # garbage only when another module lets go of it
    made = package(
        {
            "kinds.py": DUPLICATE.replace("\n    def handler", late + "\n    def handler"),
            "app.py": "import kinds\nkinds.KEPT.clear()\n\nhandler = kinds.handler\n",
        }
    )
    add_levers(made.work)

    assert "garbage collection" not in made.levers
    made.same({"kinds": True})


def test_preload_imports_at_init_what_only_events_would(package):
    made = package(
        {
            "app.py": """\
                def handler(event, context):
                    import heavy
                    return heavy.NAME
            """,
            "heavy.py": "NAME = 'heavy'\n",
        }
    )
    shaped, report = preloaded(made.bench)

    assert report.mode == "preload"
    assert "heavy" in made.bench.live(made.bench.lazy).snapshots[0].modules
    assert {member.name for member in shaped.members} >= {"_lambda_slim_startup.pyc", "app.py", "heavy.py"}
    assert made.answers({}) == made.answers({}, eager=True)
