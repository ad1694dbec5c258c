# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "apprise",
# ]
# ///
import apprise

notes = apprise.Apprise()
assert notes.add("mailto://user:pass@example.com")
assert notes.add("slack://TokenA1234/TokenB1234/TokenC12345678901234567/#general")
assert notes.add("json://localhost:1/path")
assert len(notes) == 3
assert len(notes.details()["schemas"]) > 60
assert apprise.AppriseAsset().image_url(apprise.NotifyType.INFO)
assert apprise.Apprise.instantiate("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js").url().startswith("discord:")
