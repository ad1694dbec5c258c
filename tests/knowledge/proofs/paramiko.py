# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "paramiko",
# ]
# ///
import io
import paramiko

key = paramiko.RSAKey.generate(2048)
text = io.StringIO()
key.write_private_key(text, password="p")
text.seek(0)
assert paramiko.RSAKey.from_private_key(text, password="p") == key
assert paramiko.ECDSAKey.generate().get_bits() == 256
client = paramiko.SSHClient()
client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
try:
    client.connect("127.0.0.1", port=9, username="u", password="p", timeout=1, allow_agent=False, look_for_keys=False)
    raise SystemExit("no error")
except paramiko.ssh_exception.NoValidConnectionsError:
    pass
config = paramiko.SSHConfig.from_text("Host x\n  User y\n")
assert config.lookup("x")["user"] == "y"
