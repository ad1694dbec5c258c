# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "alembic",
# ]
# ///
import io
import os
import tempfile
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations

folder = tempfile.mkdtemp()
os.chdir(folder)
config = Config(stdout=io.StringIO())
config.set_main_option("script_location", folder + "/mig")
config.set_main_option("sqlalchemy.url", f"sqlite:///{folder}/x.db")
config.config_file_name = folder + "/alembic.ini"
command.init(config, folder + "/mig")
assert os.path.exists(folder + "/mig/env.py")
config = Config(folder + "/alembic.ini", stdout=io.StringIO())
config.set_main_option("sqlalchemy.url", f"sqlite:///{folder}/x.db")
revision = command.revision(config, "first")
text = open(revision.path).read().replace("    pass", "    op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))", 1)
open(revision.path, "w").write(text)
command.upgrade(config, "head")
engine = sa.create_engine(f"sqlite:///{folder}/x.db")
assert "t" in sa.inspect(engine).get_table_names()
with engine.begin() as connection:
    operations = Operations(MigrationContext.configure(connection))
    with operations.batch_alter_table("t") as batch:
        batch.add_column(sa.Column("n", sa.String(5)))
assert {c["name"] for c in sa.inspect(engine).get_columns("t")} == {"id", "n"}
from alembic.autogenerate import compare_metadata
with engine.connect() as connection:
    difference = compare_metadata(MigrationContext.configure(connection), sa.MetaData())
assert any(step[0] == "remove_table" for step in difference)
