#!/usr/bin/env bash
# cli_build_tools.sh SLUICE: the CMake module, the GitHub action and the pre-commit hook of this
# repository, each run or validated as far as that goes without their services.
tests=$(realpath "$(dirname "$0")")
. "$tests/cli_common.sh"
root=$(realpath "$tests/../..")
export GIT_CONFIG_GLOBAL=$work/gitconfig GIT_CONFIG_NOSYSTEM=1
unset GITHUB_STEP_SUMMARY
skip=0
commit() { git add -A && git -c user.name=a -c user.email=a@b commit -qm "${1:-more}"; }

# CMake: a target for all, one for what the branch brought.
git init -q -b main .
cat >CMakeLists.txt <<EOC
cmake_minimum_required(VERSION 3.22)
project(small C)
include($root/integrations/build/sluice.cmake)
add_library(small STATIC a.c)
sluice_add_check(check_all OPTIONS --no-cache)
sluice_add_check(check_new BASE main FORMAT text,sarif=out.sarif DEPENDS small)
EOC
printf 'int old(int k);\nint old(int k)\n{\n    int *p = 0;\n    return k ? *p : 0;\n}\n' >a.c
echo build >.gitignore
commit first
cmake -S . -B build -DSLUICE_PROGRAM="$sluice" >"$work/said" 2>&1 || { complain "CMake"; cat "$work/said"; }
expect 2 "a.c:5:16: error: 'p' is NULL" cmake --build build --target check_all
expect 0 "no findings (1 known before)" cmake --build build --target check_new
[ -s out.sarif ] || complain "no SARIF"
printf 'int fresh(void);\nint fresh(void)\n{\n    int *p = 0;\n    return *p;\n}\n' >>a.c
expect 2 "1 new finding of tier A" cmake --build build --target check_new

# The action: valid, and its script judges a pull request and only reports a push.
action=$root/integrations/github/action.yml
validator=${SLUICE_NODE_MODULES:-$root/build/node/node_modules}/.bin/action-validator
if [ -x "$validator" ]; then
    "$validator" "$action" >"$work/said" 2>&1 || { complain "GitHub refuses the action"; cat "$work/said"; }
else
    skip=1
fi
/usr/bin/python3 -c 'import sys, yaml; print(next(s["run"] for s in yaml.safe_load(open(sys.argv[1]))["runs"]["steps"]
    if s.get("name") == "Check"))' "$action" >"$work/step.sh" || complain "the action has no step"
step() { # step BASE FAIL_ON ARGS
    env "PATH=$(dirname "$sluice"):$PATH" GITHUB_WORKSPACE="$PWD" GITHUB_OUTPUT="$work/output" \
        GITHUB_STEP_SUMMARY="$work/summary" DATABASE=build BASE="$1" FAIL_ON="$2" ARGS="$3" \
        bash --noprofile --norc -eo pipefail "$work/step.sh"
}
expect 1 "::error file=a.c,line=11" step main "" ""
refuse_text "line=5"
expect 0 "::error file=a.c,line=5" step "" "" "--tier C"
expect 1 "::error file=a.c,line=5" step "" A ""
grep -qx 'sarif=sluice.sarif' "$work/output" || complain "the action has no output"
grep -q '### sluice: 1 finding blocks this merge' "$work/summary" || complain "the action has no summary"

# The hook is what sluice init writes.
/usr/bin/python3 - "$root" <<'EOC' || complain "the hook and that of sluice init differ"
import sys, yaml
own = yaml.safe_load(open(sys.argv[1] + "/.pre-commit-hooks.yaml"))[0]
made = yaml.safe_load(open(sys.argv[1] + "/integrations/cli/templates/pre_commit.yaml"))["repos"][0]["hooks"][0]
assert own.pop("description") and own == made, (own, made)
EOC
[ "$bad" = 0 ] && [ "$skip" = 1 ] && { echo "skipped in part: no action-validator"; exit 77; }
end
