# shellcheck shell=bash disable=SC2153,SC2034  # variables come from action.yml, and go to whoever sources this
# Sourced: puts the words that start lambda-slim into the array `tool`.
# Needs VERSION (see action.yml), RUNNER_TEMP, and the project to look for a pinned version in as the first argument.

# The version that a project's lock or requirements pin; nothing where that comes from no package index.
pinned() {
  local file
  for file in "$1/uv.lock" uv.lock; do
    if [ -f "$file" ]; then
      sed -n '/^name = "lambda-slim"$/{n;h;n;/registry/{g;s/^version = "\(.*\)"$/\1/p;};}' "$file"
    fi
  done
  for file in "$1"/requirements*.txt requirements*.txt; do
    if [ -f "$file" ]; then
      sed -nE 's/^lambda-slim==([0-9A-Za-z.!+-]+).*/\1/p' "$file"
    fi
  done
}

find_tool() {
  local version=$VERSION from uv=uv
  if [ "$version" = installed ]; then
    tool=(lambda-slim)
    return
  fi
  [ -n "$version" ] || version=$(pinned "$1" | sed -n 1p)
  from=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
  [ -z "$version" ] || from="lambda-slim==$version"
  if ! command -v uv >/dev/null; then
    python3 -m venv "$RUNNER_TEMP/lambda-slim-uv"
    "$RUNNER_TEMP/lambda-slim-uv/bin/pip" install --quiet --disable-pip-version-check uv
    uv="$RUNNER_TEMP/lambda-slim-uv/bin/uv"
  fi
  tool=("$uv" tool run --quiet --python ">=3.11" --from "$from" lambda-slim)
}
