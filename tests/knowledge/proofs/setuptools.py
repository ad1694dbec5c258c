# /// script
# requires-python = "==3.12.*"
# dependencies = [
#   "setuptools",
# ]
#
# [tool.proof]
# pins = [
#   "setuptools: hidden _distutils_hack",
# ]
# ///
import setuptools

import distutils.core
import distutils.util
from distutils.version import LooseVersion
from distutils import log, sysconfig

assert distutils.__name__ in ("distutils", "setuptools._distutils")
assert distutils.util.strtobool("yes") == 1
assert LooseVersion("1.2") < LooseVersion("1.10")
assert distutils.core.Command and sysconfig.get_python_version()
