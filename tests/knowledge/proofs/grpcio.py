# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "grpcio",
# ]
# ///
import asyncio
from concurrent import futures
import grpc

class Echo(grpc.GenericRpcHandler):
    def service(self, details):
        if details.method.endswith("Echo"):
            return grpc.unary_unary_rpc_method_handler(lambda request, context: request[::-1])
        if details.method.endswith("Many"):
            return grpc.unary_stream_rpc_method_handler(lambda request, context: iter([request, request]))
        return None
server = grpc.server(futures.ThreadPoolExecutor(2))
server.add_generic_rpc_handlers((Echo(),))
port = server.add_insecure_port("127.0.0.1:0")
server.start()
with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
    assert channel.unary_unary("/s/Echo")(b"abc", timeout=5) == b"cba"
    assert list(channel.unary_stream("/s/Many")(b"x")) == [b"x", b"x"]
    try:
        channel.unary_unary("/s/None")(b"")
        raise SystemExit("no error")
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.UNIMPLEMENTED
async def main():
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        return await channel.unary_unary("/s/Echo")(b"12")
assert asyncio.run(main()) == b"21"
assert grpc.ssl_channel_credentials() is not None
secure = grpc.secure_channel("127.0.0.1:9", grpc.ssl_channel_credentials())
try:
    secure.unary_unary("/a/b")(b"", timeout=1)
    raise SystemExit("no error")
except grpc.RpcError as error:
    assert error.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED)
secure.close()
server.stop(None)
