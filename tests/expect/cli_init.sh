#!/usr/bin/env bash
# cli_init.sh SLUICE: the files by which a project begins, and whether those they are for take them.
tests=$(realpath "$(dirname "$0")")
. "$tests/cli_common.sh"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
git init -q -b main .
skip=0
yaml() { # yaml FILE: it is YAML, and no placeholder was left in it
    /usr/bin/python3 -c 'import sys, yaml; yaml.safe_load(open(sys.argv[1]))' "$1" 2>"$work/said" ||
        { complain "$1 is no YAML"; cat "$work/said"; }
    ! grep -n '@[A-Z]*@' "$1" || complain "$1: a placeholder was left"
}

# Nothing to see: the configuration alone.
expect 0 "No CI system was recognised: --github, --gitlab" "$sluice" init
[ "$(ls -A)" = $'.git\n.sluice.yaml' ] || complain "other files were written: $(ls -A)"
expect 0 ".sluice.yaml: right" "$sluice" config verify
expect 0 "is there, and left as it is" "$sluice" init
echo 'version: 1 # mine' >.sluice.yaml
expect 0 "" "$sluice" init
grep -q mine .sluice.yaml || complain "a file was written over"
expect 0 "written" "$sluice" init --force
! grep -q mine .sluice.yaml || complain "--force does not write"
rm .sluice.yaml
expect 0 "--- .sluice.yaml" "$sluice" init --dry-run --github
[ "$(ls -A)" = .git ] || complain "--dry-run writes"

# What can be seen is used.
touch CMakeLists.txt Jenkinsfile .gitlab-ci.yml
mkdir vendor third_party
git remote add origin git@github.example:team/service.git
expect 0 "Built with CMake" "$sluice" init
for file in .sluice.yaml .github/workflows/sluice.yml .gitlab/sluice.yml; do
    [ -f "$file" ] && yaml "$file" || complain "$file was not written"
done
[ ! -e .pre-commit-config.yaml ] || complain "a hook nobody asked for"
[ -f Jenkinsfile.sluice ] || complain "no Jenkins pipeline"
[ ! -s .gitlab-ci.yml ] || complain ".gitlab-ci.yml was touched"
grep -q '^exclude: \[third_party, vendor\]' .sluice.yaml || complain "code of others is not excluded"
grep -q '^compile-database: build$' .sluice.yaml || complain "the database"
grep -q 'cmake -S . -B build' .github/workflows/sluice.yml || complain "the workflow does not build"
grep -q 'fetch-depth: 0' .github/workflows/sluice.yml || complain "the workflow fetches too little"
grep -q 'GIT_DEPTH: "0"' .gitlab/sluice.yml || complain "the job fetches too little"
rm -rf .gitlab-ci.yml .gitlab
expect 0 ".gitlab-ci.yml                   written" "$sluice" init --gitlab --pre-commit
yaml .gitlab-ci.yml
yaml .pre-commit-config.yaml
expect 0 "add to it:" "$sluice" init --gitlab --pre-commit
make_clean _build
expect 0 "" "$sluice" init --force
grep -q '^compile-database: _build$' .sluice.yaml || complain "a database that is there is not used"
expect 0 "no findings" "$sluice" check
expect 2 "nowhere: no such folder" "$sluice" init nowhere
expect 2 "usage: sluice init" "$sluice" init a b

# The readers of these files.
schema() { "$sluice" config schema; }
schema >"$work/schema.json"
/usr/bin/python3 -W ignore - "$work/schema.json" .sluice.yaml <<'EOC' || complain "the schema refuses what init writes"
import json, sys
import jsonschema, yaml
jsonschema.validate(yaml.safe_load(open(sys.argv[2])), json.load(open(sys.argv[1])))
EOC
/usr/bin/python3 - .github/workflows/sluice.yml .gitlab/sluice.yml >"$work/scripts.sh" <<'EOC'
import sys, yaml
steps = yaml.safe_load(open(sys.argv[1]))["jobs"]["sluice"]["steps"]
job = yaml.safe_load(open(sys.argv[2]))["sluice"]
for script in [step["run"] for step in steps if "run" in step] + job["before_script"] + job["script"]:
    assert isinstance(script, str), script
    print(script)
EOC
bash -n "$work/scripts.sh" || complain "the scripts of the jobs are not shell"
validator=${SLUICE_NODE_MODULES:-$tests/../../build/node/node_modules}/.bin/action-validator
if [ -x "$validator" ]; then
    "$validator" .github/workflows/sluice.yml >"$work/said" 2>&1 ||
        { complain "GitHub refuses the workflow"; cat "$work/said"; }
else
    skip=1
fi
# GitLab's schema of jobs, in a tool that runs them; and the grammar of Jenkins pipelines.
reader=$(dirname "$validator")/gitlab-ci-local
if [ -x "$reader" ]; then
    git add -A && git -c user.name=a -c user.email=a@b commit -qm jobs
    expect 0 "sluice               test" "$reader" --list
    sed -i.right 's/^    when: always/    when: sometimes/' .gitlab/sluice.yml
    expect 1 "json-schema-validation" "$reader" --list
    mv .gitlab/sluice.yml.right .gitlab/sluice.yml
    rm -rf .gitlab-ci-local
else
    skip=1
fi
if command -v groovyc >/dev/null; then
    cp Jenkinsfile.sluice "$work/pipeline.groovy"
    expect 0 "" groovyc -d "$work/classes" "$work/pipeline.groovy"
    sed -i '$d' "$work/pipeline.groovy"
    expect 1 "expecting '}'" groovyc -d "$work/classes" "$work/pipeline.groovy"
else
    skip=1
fi
# The steps of the workflow that need no network, as GitHub runs them.
git add -A && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m first
echo 'int *none(void); int bad(void); int bad(void) { int *p = 0; return *p; }' >>_build/add.c
check_step() {
    /usr/bin/python3 -c 'import yaml; print(next(s["run"] for s in yaml.safe_load(open(
        ".github/workflows/sluice.yml"))["jobs"]["sluice"]["steps"] if s.get("name") == "Check"))' >"$work/step.sh"
    env "PATH=$(dirname "$sluice"):$PATH" GITHUB_WORKSPACE="$PWD" GITHUB_STEP_SUMMARY="$work/summary" BASE="$1" \
        GIT_CONFIG_GLOBAL="$work/gitconfig" bash -e "$work/step.sh"
}
expect 1 "::error file=_build/add.c,line=2" check_step "$(git rev-parse HEAD)"
grep -q '1 finding blocks this merge' "$work/summary" || complain "no summary of the job"
[ -s sluice.sarif ] || complain "no SARIF"
expect 0 "::error" check_step ""
# The hook, by pre-commit itself. Debian 12 has one that calls the stage "push", which it is told here.
if command -v pre-commit >/dev/null; then
    git add -A && git -c user.name=a -c user.email=a@b commit -qm bad
    git update-ref refs/remotes/origin/main HEAD
    git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/main
    case $(pre-commit --version) in
    *" 3.0."*) sed -i 's/\[pre-push\]/[push]/; /minimum_pre_commit_version/d' .pre-commit-config.yaml && stage=push ;;
    *) stage=pre-push ;;
    esac
    hook() { env PATH="$(dirname "$sluice"):$PATH" pre-commit run --all-files --hook-stage "$stage"; }
    expect 0 "Passed" hook
    echo 'int worse(void); int worse(void) { int *p = 0; return *p; }' >>_build/add.c
    git add -A
    expect 1 "1 new finding of tier A" hook
    git checkout -q HEAD -- _build/add.c
else
    skip=1
fi
[ "$bad" = 0 ] && [ "$skip" = 1 ] && { echo "skipped in part: no action-validator, gitlab-ci-local, groovy or pre-commit"; exit 77; }
end
