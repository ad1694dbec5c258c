# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "django",
#   "tzdata",
#   "psycopg[binary]",
#   "jinja2",
# ]
#
# [tool.proof]
# pins = [
#   "django: drop /django/conf/app_template/",
#   "django: named django.*",
#   "django: hidden django.utils.formats",
#   "django: hidden django.template.backends.django",
# ]
# settings = '''
# DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
# INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions",
#     "django.contrib.messages", "django.contrib.admin", "django.contrib.humanize", "django.contrib.staticfiles"]
# MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "django.contrib.sessions.middleware.SessionMiddleware",
#     "django.middleware.common.CommonMiddleware", "django.middleware.locale.LocaleMiddleware",
#     "django.middleware.csrf.CsrfViewMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware",
#     "django.contrib.messages.middleware.MessageMiddleware"]
# TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {"context_processors": [
#     "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
#     "django.contrib.messages.context_processors.messages"]}}, {"BACKEND": "django.template.backends.jinja2.Jinja2"}]
# CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# '''
# ///
import os
import tempfile
import django
from django.conf import settings

folder = tempfile.mkdtemp()
open(folder + "/p.html", "w").write("{% load i18n humanize %}{% trans 'Yes' %} {{ n|intcomma }} {{ d|date:'F' }}")
settings.configure(
    SECRET_KEY="k", DEBUG=False, ALLOWED_HOSTS=["*"], ROOT_URLCONF="__main__", USE_TZ=True, TIME_ZONE="Europe/Rome", LANGUAGE_CODE="de",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "django.contrib.messages", "django.contrib.admin", "django.contrib.humanize", "django.contrib.staticfiles"],
    MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.common.CommonMiddleware", "django.middleware.locale.LocaleMiddleware",
                "django.middleware.csrf.CsrfViewMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware", "django.contrib.messages.middleware.MessageMiddleware"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [folder], "APP_DIRS": True,
                "OPTIONS": {"context_processors": ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth", "django.contrib.messages.context_processors.messages"]}},
               {"BACKEND": "django.template.backends.jinja2.Jinja2", "NAME": "jinja"}],
    CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}, STATIC_URL="/static/",
)
django.setup()
import datetime
from django.contrib import admin
from django.core.management import call_command
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import path
def api(request):
    return JsonResponse({"q": request.GET.get("q")})
def page(request):
    return render(request, "p.html", {"n": 1234567, "d": datetime.date(2024, 5, 1)})
def boom(request):
    raise RuntimeError("boom")
urlpatterns = [path("api", api), path("page", page), path("boom", boom), path("admin/", admin.site.urls)]
call_command("migrate", verbosity=0)
from django.contrib.auth.models import User
user = User.objects.create_superuser("u", "u@x.y", "pw")
assert user.check_password("pw")
assert User.objects.filter(username__startswith="u").count() == 1
from django.test import Client
client = Client(raise_request_exception=False)
assert client.get("/api?q=1").json() == {"q": "1"}
text = client.get("/page").content.decode()
assert text.startswith("Ja 1.234.567 Mai"), text
assert client.get("/boom").status_code == 500
assert client.get("/none").status_code == 404
assert client.login(username="u", password="pw")
assert b"Django" in client.get("/admin/").content
assert client.get("/admin/auth/user/").status_code == 200
from django import forms
class F(forms.Form):
    mail = forms.EmailField()
    when = forms.DateField()
form = F({"mail": "no", "when": "01.02.2024"})
assert not form.is_valid() and set(form.errors) == {"mail"}
assert "<input" in F().as_p()
from django.core.cache import cache
cache.set("a", 1)
assert cache.get("a") == 1
from django.core import mail, serializers, signing
assert signing.loads(signing.dumps({"a": 1})) == {"a": 1}
assert "auth.user" in serializers.serialize("json", User.objects.all())
from django.template import engines
assert engines["jinja"].from_string("{{ 1 + 1 }}").render() == "2"
from django.db.utils import load_backend
postgres = load_backend("django.db.backends.postgresql").DatabaseWrapper({"NAME": "d", "HOST": "127.0.0.1", "PORT": "9", "USER": "u", "PASSWORD": "p", "OPTIONS": {}, "TIME_ZONE": None, "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False, "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False})
assert postgres.Database.__name__ == "psycopg"
try:
    postgres.ensure_connection()
    raise SystemExit("no error")
except django.db.OperationalError:
    pass
