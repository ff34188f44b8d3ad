#!/bin/sh
# format.sh [ROOT] [-i]: clang-format 14 has nothing to say (-i: let it have its way).
cd "${1:-$(dirname "$0")/../..}" || exit 2
command -v clang-format-14 >/dev/null || { echo "clang-format-14 is not installed"; exit 2; }
case "${2:-}" in -i) how=-i ;; *) how="--dry-run --Werror" ;; esac
# shellcheck disable=SC2086 # $how is two words
find analyzer rules integrations tests fixtures/demo \( -name '*.c' -o -name '*.h' \) 2>/dev/null |
    sort | xargs clang-format-14 --style=file $how
