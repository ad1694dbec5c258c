import pkgutil
from importlib import import_module

from fastapi import FastAPI
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

from service import routes, telemetry
from service.settings import Settings

settings = Settings()
telemetry.start(settings.name)
app = FastAPI(title=settings.name)
for module in pkgutil.iter_modules(routes.__path__):
    app.include_router(import_module(f"service.routes.{module.name}").router)
FastAPIInstrumentor.instrument_app(app)
