# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "dynaconf",
# ]
# ///
import pathlib, tempfile
from dynaconf import Dynaconf, Validator

folder = pathlib.Path(tempfile.mkdtemp())
(folder / "a.toml").write_text("[default]\nx = 1\n[production]\nx = 2\nname = '@format {this.x}-n'\n")
(folder / "b.yaml").write_text("default:\n  y: [1, 2]\n")
(folder / "c.py").write_text("Z = 3\n")
(folder / "d.json").write_text('{"default": {"w": true}}')
settings = Dynaconf(root_path=str(folder), settings_files=["a.toml", "b.yaml", "c.py", "d.json"], environments=True, env="production", validators=[Validator("X", gt=1)])
assert settings.x == 2 and settings.name == "2-n"
assert settings.Y == [1, 2]
assert settings.Z == 3 and settings.W is True
