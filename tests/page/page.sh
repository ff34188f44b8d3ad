#!/usr/bin/env bash
# page.sh SLUICE [FOLDER]: the HTML report, used in a headless browser. With FOLDER the screenshots that were
# taken on the way are kept there. Needs Debian's chromium, and
#     npm install --prefix DIR puppeteer-core axe-core
# with SLUICE_NODE_MODULES=DIR/node_modules; without them it is skipped (77).
tests=$(realpath "$(dirname "$0")")
[ $# -lt 2 ] || { mkdir -p "$2" && shots=$(realpath "$2"); }
. "$tests/../expect/cli_common.sh"
modules=$(realpath -m "${SLUICE_NODE_MODULES:-$tests/../../build/node/node_modules}")
for package in puppeteer-core axe-core; do
    [ -d "$modules/$package" ] || { echo "skipped: no $package in $modules"; exit 77; }
done
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
    { echo "skipped: no chromium"; exit 77; }

# What must not become markup, and what is no text at all.
make_project .
mkdir -p 'odd & <dir>'
odd='odd & <dir>/a "b" `e` @all.c'
rlo=$'\xe2\x80\xae' # turns the direction of text
cat >"$odd" <<EOC
struct box { int size; };
int tick(struct box *b, int k);
int tick(struct box *b, int k)
{
    /* é😀 $rlo */ struct box *gone = 0; if (k) return gone->size; /* </script><script>window.pwned = 1</script> <!-- <b>bold</b> */
    return b->size;
}
int meant(int k);
int meant(int k)
{
    struct box *none = 0;
    if (k == 3) return none->size; // sluice:allow null-deref only tests pass <three>
    return 0;
}
EOC
printf 'int caf(int k);\nint caf(int k)\n{\n    int *p = 0; /* caf\xe9 \xff\xfe \x01 */\n    if (k) return *p;\n    return 0;\n}\n' >broken.c
{ # a line of ten megabytes
    printf 'int wide(int k);\nint wide(int k) { int *p = 0; static const char s[] = "'
    head -c 10000000 /dev/zero | tr '\0' x
    printf '"; return k ? *p : s[0]; }\n'
} >wide.c
python3 - "$odd" <<'EOC' || exit 2
import json, sys
base = json.load(open("compile_commands.json"))
base += [{"directory": ".", "file": name, "arguments": ["cc", "-c", name]} for name in [sys.argv[1], "broken.c", "wide.c"]]
json.dump(base, open("compile_commands.json", "w"))
EOC
expect 1 "the gate fails" "$sluice" check --tier C --format html -o "$work/hard.html"
"$sluice" check --tier C --no-cache -j1 --format html -o "$work/again.html" 2>/dev/null
same "$work/hard.html" "$work/again.html"
[ "$(wc -c <"$work/hard.html")" -lt 1000000 ] || complain "a long line went into the page as it is"

# Half of it is known.
"$sluice" baseline update >"$work/said" 2>&1 || { complain "baseline"; cat "$work/said"; }
cat >>src/use.c <<'EOC'
int later(int k);
int later(int k)
{
    int *gone = NULL;
    return k ? *gone : 0;
}
EOC
"$sluice" check --format html -o "$work/aged.html" 2>/dev/null
rm -f .sluice-baseline.json

# Five thousand, each through two functions.
rm -rf ./*
python3 - <<'EOC'
import json, os
entries = []
for folder in range(10):
    os.makedirs("part%d/src" % folder)
    for file in range(10):
        name = "part%d/src/file%d.c" % (folder, file)
        with open(name, "w") as out:
            for i in range(50):
                n = "%d_%d_%d" % (folder, file, i)
                out.write("static int *none%s(int *g, int k)\n{\n    if (k > 2) return 0;\n    return g;\n}\n"
                          "int many%s(int *g, int k);\nint many%s(int *g, int k)\n{\n    int *at = none%s(g, k);\n"
                          "    return *at;\n}\n" % (n, n, n, n))
        entries.append({"directory": ".", "file": name, "arguments": ["cc", "-c", name]})
json.dump(entries, open("compile_commands.json", "w"))
EOC
"$sluice" check --tier C --format "html=$work/many.html,json=$work/many.json" >/dev/null 2>&1
n=$(grep -c '^{"rule"' "$work/many.json")
[ "$n" -ge 5000 ] || complain "only $n findings"
make_clean "$work/clean"
"$sluice" check -p "$work/clean" --no-cache --format html -o "$work/none.html" || complain "nothing to find"

NO_PROXY='*' node "$tests/page.cjs" "$modules" "$chromium" "$work" "${shots:-}" || complain "the page"
end
