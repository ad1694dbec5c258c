# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "pydantic-settings",
# ]
# ///
import os
import tempfile
from pydantic_settings import BaseSettings, SettingsConfigDict

folder = tempfile.mkdtemp()
with open(folder + "/.env", "w") as file:
    file.write("APP_NAME=from-file\nAPP_NESTED__X=7\n")
os.environ["APP_PORT"] = "8080"

from pydantic import BaseModel
class Nested(BaseModel):
    x: int = 0
class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="APP_", env_file=folder + "/.env", env_nested_delimiter="__")
    name: str = "x"
    port: int = 1
    nested: Nested = Nested()
settings = Settings()
assert settings.name == "from-file"
assert settings.port == 8080
assert settings.nested.x == 7
