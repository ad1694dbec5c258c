# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "djangorestframework",
#   "tzdata",
# ]
# ///
import django
from django.conf import settings
import rest_framework

settings.configure(SECRET_KEY="k", ALLOWED_HOSTS=["*"], ROOT_URLCONF="__main__", DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework"], STATIC_URL="/static/",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}])
django.setup()
from django.contrib.auth.models import User
from django.core.management import call_command
from django.urls import include, path
from rest_framework import routers, serializers, viewsets
from rest_framework.test import APIClient
class UserSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id", "username", "email"]
class UserViewSet(viewsets.ModelViewSet):
    queryset = User.objects.order_by("id")
    serializer_class = UserSerializer
router = routers.DefaultRouter()
router.register("users", UserViewSet)
urlpatterns = [path("", include(router.urls))]
call_command("migrate", verbosity=0)
client = APIClient()
answer = client.post("/users/", {"username": "a", "email": "a@example.com"}, format="json")
assert answer.status_code == 201, answer.content
assert client.post("/users/", {"username": "", "email": "bad"}, format="json").json().keys() == {"username", "email"}
assert client.get("/users/").json()[0]["username"] == "a"
html = client.get("/users/", HTTP_ACCEPT="text/html").content
assert b"Django REST framework" in html
assert client.delete("/users/1/").status_code == 204
assert client.get("/users/1/").status_code == 404
