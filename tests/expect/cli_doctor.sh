#!/usr/bin/env bash
# cli_doctor.sh SLUICE: what is wrong with a compile database, and how to get a good one.
tests=$(realpath "$(dirname "$0")")
. "$tests/cli_common.sh"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
git init -q -b main .
doctor() { "$sluice" doctor "$@"; }

# No database: nor may that of a project around this one be taken.
make_clean ..
expect 2 "BAD   database   no compile_commands.json here" doctor
expect 2 "any other: sluice capture -- BUILD COMMAND" doctor
touch Makefile
expect 2 "Makefile is here, so: sluice capture -- make" doctor
touch meson.build
expect 2 "meson.build is here, so: meson setup build" doctor
touch CMakeLists.txt
expect 2 "CMakeLists.txt is here, so: cmake -S . -B build -G Ninja -DCMAKE_EXPORT_COMPILE_COMMANDS=ON" doctor
expect 2 "no compile_commands.json" "$sluice" check
rm meson.build CMakeLists.txt

# A whole one.
make_project .
expect 0 "ok    database   $PWD/compile_commands.json: 2 translation units" doctor
expect 0 "ok    parsing    all of 2 units, 4 functions" doctor
expect 0 "ok    analysis   100.00 % of the program" doctor
expect 0 "note  config     no .sluice.yaml: sluice init writes one" doctor
expect 0 "note  baseline   none" doctor
expect 0 "ok    git        check --base REV can compare" doctor
refuse_text "BAD"
refuse_text "coverage"
touch -d 2001-01-01 compile_commands.json
expect 0 "note  age        the database is older than Makefile" doctor
expect 2 "usage: sluice doctor" doctor something

# Files that are not compiled, are gone, do not parse; generated headers; nothing but C++.
echo 'int forgotten;' >src/forgotten.c
expect 0 "1 C file beside those that are compiled is not in the database: src/forgotten.c" doctor
sed -i '1i #include "config.h"' src/use.c
expect 3 "BAD   parsing    of 2 units 0 failed, 1 is partial" doctor
expect 3 "'config.h' file not found" doctor
expect 3 "-> a generated header? Build first (sluice capture -- make)" doctor
rm src/find.c
expect 3 "BAD   parsing    of 2 units 1 failed, 1 is partial" doctor
expect 3 "-> the file is gone: the database is old; configure and build anew" doctor
echo '[]' >compile_commands.json
expect 3 "has no command that compiles C: a build with nothing to do records nothing; clean first" doctor
echo '[{"directory": ".", "file": "a.cc", "command": "c++ -c a.cc"}]' >compile_commands.json
expect 3 "has no command that compiles C, only others" doctor
echo '[{"directory":' >compile_commands.json
expect 2 "BAD   database   $PWD/compile_commands.json:" doctor

# A database whose commands would do harm: nothing of it is run.
printf 'int f(void) { return 0; }\n' >harm.c
cat >evil.sh <<'EOC'
#!/bin/sh
touch ran
EOC
chmod +x evil.sh
cat >compile_commands.json <<EOC
[{"directory": "$PWD", "file": "harm.c", "command": "$PWD/evil.sh -c harm.c; touch ran \$(touch ran) -fplugin=./x.so -wrapper ./evil.sh"},
 {"directory": "$PWD", "file": "harm.c", "arguments": ["./evil.sh", "-c", "harm.c", "-B.", "-specs=evil", "-Xclang", "-load", "-Xclang", "./x.so", "-o", "ran"]}]
EOC
doctor >"$work/said" 2>&1
"$sluice" check >"$work/said" 2>&1
"$sluice" contracts >"$work/said" 2>&1
[ ! -e ran ] || complain "a command of the database was run"
rm compile_commands.json
printf 'version: 1\nbaseline: known.json\n' >.sluice.yaml
echo '{}' >known.json
expect 3 "BAD   baseline   $PWD/known.json: not a baseline of this version" doctor -- cc -c harm.c
rm -r .git
expect 3 "note  git        no repository at" doctor -- cc -c harm.c
end
