# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "redis[hiredis]",
# ]
# ///
import asyncio
import redis
import redis.asyncio
from redis.backoff import ExponentialBackoff
from redis.retry import Retry

client = redis.Redis.from_url("redis://:p@127.0.0.1:9/0", socket_connect_timeout=0.5, retry=Retry(ExponentialBackoff(cap=0.01), 1))
try:
    client.set("a", 1)
    raise SystemExit("no error")
except redis.ConnectionError:
    pass
pipe = client.pipeline()
pipe.get("a").hset("h", mapping={"x": 1})
assert len(pipe.command_stack) == 2
assert client.lock("l", timeout=1).name == "l"
assert client.json() is not None and client.ft("i") is not None and client.ts() is not None
script = client.register_script("return 1")
assert len(script.sha) == 40
async def main():
    client = redis.asyncio.Redis(host="127.0.0.1", port=9, retry=redis.asyncio.retry.Retry(ExponentialBackoff(cap=0.01), 0))
    try:
        await client.get("a")
        raise SystemExit("no error")
    except redis.ConnectionError:
        await client.aclose()
asyncio.run(main())
assert redis.utils.HIREDIS_AVAILABLE
try:
    redis.RedisCluster(host="127.0.0.1", port=9)
    raise SystemExit("no error")
except redis.exceptions.RedisClusterException:
    pass
