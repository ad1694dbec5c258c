"""A small project and what is said of it: can it start?"""

import pytest

from lambda_slim.knowledge.runtimes import runtimes
from lambda_slim.model.function import Function
from lambda_slim.model.settings import Settings
from lambda_slim.model.target import Target
from lambda_slim.tasks.audit_start import judge_whole
from lambda_slim.tasks.prepare import plan_function

HANDLER = "\ndef handler(event, context): return 1\n"


@pytest.fixture
def judged(tmp_path, monkeypatch):
    monkeypatch.setenv("LAMBDA_SLIM_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "code"

    def judge(files, *, handler="app.handler", python="3.12", built=False, **more):
        for name, text in ({"app.py": files} if isinstance(files, str) else files).items():
            place = root / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text + HANDLER if name.endswith(("app.py", "main.py")) else text)
        target = Target(runtimes()[f"python{python}"], "x86_64")
        function = Function("F", handler, root, target, artifact=root if built else None, **more)
        return judge_whole(plan_function(function, Settings(root=root)))

    return judge
