#!/bin/sh
# lengths.sh [ROOT]: no function above 70 lines, no file above 1000.
# clang-format puts the braces of a function body, and nothing else, in column 0.
cd "${1:-$(dirname "$0")/../..}" || exit 2
find analyzer rules integrations tests fixtures/demo -name '*.[ch]' 2>/dev/null | sort |
    xargs awk '
FNR == 1 { start = 0 }
FNR == 1001 { print FILENAME ": more than 1000 lines"; bad = 1 }
/^\{$/ { start = FNR; name = signature }
/^\}$/ && start {
    if (FNR - start + 1 > 70) {
        print FILENAME ":" start ": " FNR - start + 1 " lines, 70 are allowed: " name
        bad = 1
    }
    start = 0
}
/^[A-Za-z_]/ { signature = $0 }
END { exit bad }'
