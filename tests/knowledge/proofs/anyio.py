# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "anyio",
# ]
# ///
import anyio
import anyio.abc
import anyio.to_thread

async def main():
    send, receive = anyio.create_memory_object_stream(2)
    async with anyio.create_task_group() as group:
        group.start_soon(send.send, 1)
        assert await receive.receive() == 1
    assert await anyio.to_thread.run_sync(lambda: 7) == 7
    with anyio.move_on_after(0.01) as scope:
        await anyio.sleep(1)
    assert scope.cancelled_caught
    assert isinstance(group, anyio.abc.TaskGroup)
    async with await anyio.open_file(__file__) as file:
        assert "anyio" in await file.read()
    lock = anyio.Lock()
    async with lock:
        assert lock.locked()
    event = anyio.Event()
    event.set()
    await event.wait()
    done = await anyio.run_process(["/bin/echo", "hi"])
    assert done.stdout == b"hi\n"
    assert await anyio.Path("/tmp").is_dir()
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    await listener.aclose()
anyio.run(main)
