# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "asgiref",
#   "django",
# ]
#
# [tool.proof]
# pins = [
#   "django: drop /django/contrib/*/locale/",
# ]
# settings = '''
# INSTALLED_APPS = []
# MIDDLEWARE = ["django.middleware.common.CommonMiddleware", "django.middleware.locale.LocaleMiddleware"]
# TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
# '''
# ///
import django
from django.conf import settings
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone, translation

settings.configure(
    SECRET_KEY="k", ALLOWED_HOSTS=["*"], ROOT_URLCONF="__main__", LANGUAGE_CODE="de", INSTALLED_APPS=[], DATABASES={},
    MIDDLEWARE=["django.middleware.common.CommonMiddleware", "django.middleware.locale.LocaleMiddleware"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
)
django.setup()

def page(request):
    from django.template import engines
    return HttpResponse(engines["django"].from_string("{% load i18n %}{% trans 'Yes' %} {{ name }}").render({"name": "<a>"}))

urlpatterns = [path("page", page)]
import asyncio
from asgiref.sync import async_to_sync, sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.core.handlers.asgi import ASGIHandler

async def get(path, language):
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": [(b"accept-language", language)], "server": ("h", 80)}
    client = ApplicationCommunicator(ASGIHandler(), scope)
    await client.send_input({"type": "http.request", "body": b""})
    start, body = await client.receive_output(5), await client.receive_output(5)
    return start["status"], body["body"].decode()

assert asyncio.run(get("/page", b"de")) == (200, "Ja &lt;a&gt;")
assert asyncio.run(get("/page", b"fr")) == (200, "Oui &lt;a&gt;")
assert asyncio.run(get("/none", b"de"))[0] == 404
assert async_to_sync(sync_to_async(len))("abc") == 3
with translation.override("it"):
    assert translation.gettext("Monday") == "Lunedì"
assert timezone.now().tzinfo is not None
