#!/usr/bin/env bash
# A fork's report, rendered anew after it was checked where it belongs. What the artifact says was written by the pull
# request's own code, so nothing of it is run, and no text of it is posted as it is.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=action/tool.sh
. "$here/tool.sh"

number=$(python3 "$here/fork.py" "$FOLDER")
place=$(mktemp -d)
cd "$place"  # no settings of any project are here
find_tool "$place"
"${tool[@]}" merge "$FOLDER/report.json" --exit-zero --quiet --comment-key "$COMMENT_KEY" \
  --json "$place/report.json" --markdown "$place/comment.md"
FAIL_ON=never PULL_REQUEST="" python3 "$here/outputs.py" "$place" 0
echo "number=$number" >>"$GITHUB_OUTPUT"
