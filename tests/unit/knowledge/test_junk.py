"""What the junk list says, and above all what it leaves alone."""

import pytest

from lambda_slim.knowledge.junk import load_junk
from lambda_slim.model.knowledge import Check, JunkScope


def first(path, scope):
    return next((j for j in load_junk() if j.scope in (scope, JunkScope.ANY) and j.matches(path)), None)


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("requests-2.32.dist-info/RECORD", "install-record"),
        ("requests-2.32.dist-info/INSTALLER", "installer-files"),
        (".lock", "installer-lock"),
        ("bin/jp.py", "scripts"),
        ("numpy/__init__.pyi", "type-stubs"),
        ("numpy/_core/include/numpy/arrayobject.h", "c-sources"),
        ("numpy/_core/lib/libnpymath.a", "static-libraries"),
        ("numpy/_core/tests/_natype.py", "test-suites"),
        ("botocore/docs/service.py", "documents"),
    ],
)
def test_kinds_in_distributions(path, slug):
    found = first(path, JunkScope.DISTRIBUTION)

    assert found is not None
    assert found.slug == slug


@pytest.mark.parametrize(
    "path",
    [
        "requests-2.32.dist-info/METADATA",
        "opentelemetry_sdk-1.dist-info/entry_points.txt",
        "requests-2.32.dist-info/licenses/LICENSE",
        "certifi/cacert.pem",
        "numpy/testing/__init__.py",
        "jinja2/loaders.py",
        "sklearn/datasets/descr/iris.rst",
        "numpy.libs/libscipy_openblas64_.so",
        "pycparser/_c_ast.cfg",
        "distutils-precedence.pth",
        "combine.py",
    ],
)
def test_left_alone_in_distributions(path):
    assert first(path, JunkScope.DISTRIBUTION) is None


@pytest.mark.parametrize(
    "path", ["app.py", "env/__init__.py", "lib/vendored.so", "templates/mail.html", "src/app/data.csv", "build_it.py"]
)
def test_left_alone_in_projects(path):
    assert first(path, JunkScope.PROJECT) is None


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        (".git/HEAD", "version-control"),
        ("template.yaml", "infrastructure"),
        ("requirements.txt", "packaging"),
        ("tests/test_app.py", "project-tests"),
        ("README.md", "project-documents"),
        ("node_modules/x/index.js", "caches"),
        ("Makefile", "automation"),
    ],
)
def test_kinds_in_projects(path, slug):
    found = first(path, JunkScope.PROJECT)

    assert found is not None
    assert found.slug == slug


def test_suites_and_documents_are_never_judged_by_name_alone():
    judged = {j.slug: j.check for j in load_junk()}

    assert {judged["test-suites"], judged["documents"], judged["type-stubs"], judged["project-tests"]} == {Check.UNREAD}


def test_every_entry_has_why_and_source():
    assert all(j.why and j.source and j.patterns for j in load_junk())
