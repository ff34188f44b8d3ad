#!/usr/bin/env bash
# cli_usage.sh SLUICE: the command line itself: help, guesses, values, params files, statuses.
. "$(dirname "$0")/cli_common.sh"
make_project .

expect 0 "usage: sluice VERB" "$sluice" --help
expect 2 "usage: sluice VERB" "$sluice"
expect 0 "sluice 0." "$sluice" --version
for verb in check extract pack link explain; do
    expect 0 "usage: sluice $verb" "$sluice" $verb --help
done
expect 2 "did you mean check" "$sluice" chek
expect 2 "no verb 'frobnicate'" "$sluice" frobnicate
expect 2 "unknown option --formt: did you mean --format?" "$sluice" check --formt sarif
expect 2 "unknown option --qqqqqqqq (--help lists them)" "$sluice" check --qqqqqqqq
expect 2 "unknown option -Z" "$sluice" check -Z
expect 2 "--jobs takes a number, not 'x'" "$sluice" check -j x
expect 2 "--jobs takes a number, not '-1'" "$sluice" check -j -1
expect 2 "--format needs a value" "$sluice" check --format
expect 2 "--stats takes no value" "$sluice" check --stats=yes
expect 2 "no format 'sarfi': did you mean sarif?" "$sluice" check --format sarfi
expect 2 "--fail-on takes A, B, C or none, not 'D'" "$sluice" check --fail-on D
expect 2 "--tier takes A, B or C, not 'all'" "$sluice" check --tier all
expect 2 "--dump takes ir" "$sluice" check --dump=everything
expect 2 "no command after --" "$sluice" check --
expect 2 "no source file in the command" "$sluice" check -- cc -c
expect 2 "use one of them" "$sluice" check -p . -- cc -c src/find.c
expect 2 "nowhere: no such file or folder" "$sluice" check nowhere
expect 2 "none.yaml" "$sluice" check --model none.yaml
expect 2 "extract needs -o" "$sluice" extract -- cc -c src/find.c
expect 2 "command after --" "$sluice" extract -o x.fact
expect 2 "one source file, not 2" "$sluice" extract -o x.fact -- cc src/find.c src/use.c
expect 2 "does not compile C" "$sluice" extract -o x.fact -- cc src/find.cpp
expect 2 "usage: sluice pack" "$sluice" pack
expect 2 "link takes fact files" "$sluice" link
expect 0 "null-deref" "$sluice" explain
expect 0 "## Bad" "$sluice" explain null-deref
expect 2 "did you mean null-deref?" "$sluice" explain nul-deref

# The gate: the tier decides, the status says so, the last line as well.
expect 1 "the gate fails" "$sluice" check
expect 0 "" "$sluice" check --fail-on none
expect 1 "of tier A" "$sluice" check -j1 --fail-on=A src
expect 0 "no findings" "$sluice" check src/find.c
expect 1 "1 error" "$sluice" check . # the root is everything
expect 0 "no findings" "$sluice" check inc
mkdir docs
expect 2 "docs: no translation unit is below it" "$sluice" check src docs
expect 0 "translation units  1" "$sluice" check --stats -- cc -Iinc -c src/find.c
expect 0 '"version":"2.1.0"' "$sluice" check --format sarif --fail-on none
expect 0 "fn find" "$sluice" check --dump=ir src

# Params files: one argument a line, anywhere before "--".
printf -- '--format\nsarif\n\n--fail-on=none\n' >params
expect 0 '"version":"2.1.0"' "$sluice" check @params
printf 'check\n@params\n' >outer
expect 0 '"version":"2.1.0"' "$sluice" @outer
echo '@ring' >ring
expect 2 "the params file names itself" "$sluice" check @ring
expect 2 "cannot read absent" "$sluice" check @absent
end
