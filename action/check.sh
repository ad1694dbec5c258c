#!/usr/bin/env bash
# One run of `lambda-slim check` (or `merge`) with every file that later steps need.
# Takes the variables that action.yml names, writes to GITHUB_OUTPUT. A check that fails ends with 0 here, so that the
# artifact and the comment are made; action.yml's last step ends with its code.
# shellcheck disable=SC2153,SC2034  # variables come from action.yml, and from tool.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=action/tool.sh
. "$here/tool.sh"

refuse() {
  echo "::error title=lambda-slim::$1"
  exit 2
}

# The commit that the branch left its base at; fetched where the checkout is shallow.
base() {
  case "$BASE_SHA" in
    "" | *[!0-9a-f]* | 0000000*) refuse "\`against: base\` needs a pull request, or a push to a branch that was there" >&2 ;;
  esac
  local place=$PROJECT
  [ -d "$place" ] || place=$(dirname "$place")
  if ! git -C "$place" cat-file -e "$BASE_SHA^{commit}" 2>/dev/null; then
    git -C "$place" fetch --quiet --no-tags --depth=1 origin "$BASE_SHA"
  fi
  git -C "$place" merge-base "$BASE_SHA" HEAD || echo "$BASE_SHA"
}

# The report of the base branch's last successful run of this workflow; nothing where there is none.
last_report() {
  local run place="$RUNNER_TEMP/lambda-slim-base-$COMMENT_KEY"
  run=$(gh run list --repo "$GITHUB_REPOSITORY" --workflow "$GITHUB_WORKFLOW" --branch "$BASE_BRANCH" \
    --status success --limit 1 --json databaseId --jq '.[].databaseId') || return 0
  if [ -n "$run" ]; then
    rm -rf "$place"
    gh run download "$run" --repo "$GITHUB_REPOSITORY" --name "lambda-slim-$COMMENT_KEY" --dir "$place" >&2 || return 0
    echo "$place/report.json"
  fi
}

[[ $COMMENT_KEY =~ ^[A-Za-z0-9._-]+$ ]] || refuse "\`comment-key: $COMMENT_KEY\` has more than letters, digits, ., _ and -"
case "$FAIL_ON" in error | warn | never) ;; *) refuse "\`fail-on: $FAIL_ON\` is not error, warn or never" ;; esac

folder="$RUNNER_TEMP/lambda-slim/$COMMENT_KEY"
rm -rf "$folder" && mkdir -p "$folder"
find_tool "$PROJECT"

more=()
if [ -n "$ARGS" ]; then
  while IFS= read -r word; do more+=("$word"); done < <(xargs -n 1 printf '%s\n' <<<"$ARGS")
fi
if [ -n "$REPORTS" ]; then
  # shellcheck disable=SC2206  # patterns are meant
  words=(merge $REPORTS)
else
  against=$AGAINST
  if [ "$against" = base ]; then
    against="git:$(base)"
  elif [ "$against" = artifact ]; then
    against=$(last_report)
    [ -n "$against" ] || echo "::notice title=lambda-slim::no earlier report of \`$BASE_BRANCH\`; nothing to compare with"
    against=${against:-none}
  fi
  words=(check "$PROJECT" --against "$against")
fi
words+=(--format github --comment-key "$COMMENT_KEY" --json "$folder/report.json" --markdown "$folder/comment.md")
[ "$HTML" != true ] || words+=(--html "$folder/report.html")
[ "$SUMMARY" = true ] || unset GITHUB_STEP_SUMMARY

code=0
"${tool[@]}" "${words[@]}" ${more[@]+"${more[@]}"} || code=$?
if [ "$code" -gt 1 ] && [ "$code" -ne 5 ]; then
  echo "::error title=lambda-slim::could not check (exit $code); the log says why"
fi
python3 "$here/outputs.py" "$folder" "$code"
