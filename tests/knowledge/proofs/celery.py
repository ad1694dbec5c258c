# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "celery",
#   "celery[redis]",
# ]
# ///
import celery
from celery import Celery, chain, group, signature

app = Celery("t", broker="memory://", backend="cache+memory://")
app.conf.update(task_always_eager=True, task_store_eager_result=True, timezone="UTC")
@app.task(bind=True, max_retries=2, autoretry_for=(KeyError,))
def add(self, a, b):
    return a + b
@app.task
def boom():
    raise ValueError("x")
assert add.delay(1, 2).get() == 3
assert chain(add.s(1, 2), add.s(3))().get() == 6
assert group(add.s(1, 1), add.s(2, 2))().get() == [2, 4]
try:
    boom.delay().get()
    raise SystemExit("no error")
except ValueError:
    pass
app.conf.task_always_eager = False
sent = add.apply_async((1, 2), countdown=1, serializer="json")
assert len(sent.id) == 36 and sent.state == "PENDING"
with app.connection_for_read() as connection:
    assert connection.default_channel._size("celery") == 1
from celery.schedules import crontab
assert crontab(minute="*/5").minute == set(range(0, 60, 5))
assert type(app.backend).__name__ == "CacheBackend" and type(app.loader).__name__ == "AppLoader"
other = Celery("o", broker="redis://127.0.0.1:9/0", backend="redis://127.0.0.1:9/1")
assert type(other.backend).__name__ == "RedisBackend"
assert other.connection_for_write().transport.driver_type == "redis"
