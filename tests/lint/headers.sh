#!/bin/sh
# headers.sh [ROOT]: every header opens alone, with every compiler we support.
cd "${1:-$(dirname "$0")/../..}" || exit 2
clang_include=$(llvm-config-19 --includedir 2>/dev/null || echo /usr/lib/llvm-19/include)
bad=0
for cc in gcc clang-19; do
    command -v $cc >/dev/null || { echo "$cc is not installed"; exit 2; }
    for header in $(find analyzer rules integrations tests fixtures/demo -name '*.h' 2>/dev/null | sort); do
        echo "#include \"$header\"" |
            $cc -std=c17 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Wno-unused-function -Werror \
                -fsyntax-only \
                -I. -Ianalyzer -Ifixtures/demo -isystem "$clang_include" \
                -include analyzer/base/banned.h -x c - ||
            { echo "$header: does not open alone with $cc"; bad=1; }
    done
done
exit $bad
