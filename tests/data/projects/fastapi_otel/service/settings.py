from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SVC_")
    name: str = "svc"
    key: SecretStr = SecretStr("k" * 32)
