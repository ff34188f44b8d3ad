#!/usr/bin/env bash
# dev.sh ROOT: ./dev says what happened. A test that fails, one that cannot be started and a mode that
# does not build are failures of the whole; only a test that asks for it is skipped; a push is tested
# as it is committed. The real script and the real ctest, with a build that is put together here.
set -eu
root=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/bin" "$work/tree/build"
for tool in bash cat chmod comm ctest dirname cmp env find git grep head mkdir nproc printf rm sed sh sort touch; do
    ln -s "$(command -v $tool)" "$work/bin/$tool" # no dpkg-query: nothing is installed
done
cat >"$work/bin/cmake" <<'EOC'
#!/usr/bin/env bash
# Configures by putting the tests there; builds unless told not to.
case $1 in
--preset) mkdir -p "build/$2" && cat "$TESTS" >"build/$2/CTestTestfile.cmake" ;;
--build) echo "built $2" >>"$BUILT" && [ "$2" != "$BROKEN" ] ;;
esac
EOC
chmod +x "$work/bin/cmake"
cp "$root/dev" "$work/tree/dev"
cd "$work/tree"
export PATH=$work/bin TESTS=$work/tests BUILT=$work/built BROKEN=none
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b

bad=0
must_say() { # must_say STATUS LAST_LINE VERB...
    local want=$1 line=$2 status=0
    shift 2
    : >"$BUILT"
    ./dev "$@" >"$work/said" 2>&1 </dev/null || status=$?
    if [ $status != "$want" ] || ! grep -qF -- "$line" "$work/said"; then
        echo "./dev $*: status $status, must be $want, with '$line':"
        cat "$work/said"
        bad=1
    fi
}
tests() { # tests NAME=COMMAND...: what the build has; a COMMAND that ends in 77 is skipped
    local each
    : >"$TESTS"
    for each in "$@"; do
        printf 'add_test(%s "%s" "-c" "%s")\n' "${each%%=*}" "$work/bin/sh" "${each#*=}"
        printf 'set_tests_properties(%s PROPERTIES LABELS "quick" SKIP_RETURN_CODE "77")\n' "${each%%=*}"
    done >>"$TESTS"
}

tests one=true two=true
must_say 0 "2 passed, 0 failed" preflight
for mode in dev clang shake; do
    grep -qx "built build/$mode" "$BUILT" || { echo "preflight does not build $mode"; bad=1; }
done
for mode in dev clang shake; do
    BROKEN=build/$mode must_say 1 "build/$mode: does not build" preflight
done
BROKEN=build/shake must_say 1 "2 passed, 1 failed" preflight
must_say 0 "6 passed, 0 failed" test
BROKEN=build/clang must_say 1 "4 passed, 1 failed" test
tests one=true two=false
must_say 1 "1 passed, 1 failed" preflight
must_say 1 "3 passed, 3 failed" test
tests one=true "two=exit 77"
must_say 0 "1 passed, 0 failed, 1 skipped" preflight
tests "one=exit 77"
must_say 1 "0 passed, 0 failed, 1 skipped" preflight
tests one=true
printf 'add_test(lost "%s/no-such-tool")\nset_tests_properties(lost PROPERTIES LABELS "quick")\n' "$work" >>"$TESTS"
must_say 1 "1 passed, 1 failed" preflight
: >"$TESTS"
must_say 1 "0 passed, 1 failed" preflight
tests one=true
must_say 2 "usage: ./dev VERB" no-such-verb

# A push: what is not committed is not tested, and the repository of the hook is not that of the tests.
git init -q . && echo build >.gitignore && git add -A && git commit -qm first
printf 'add_test(one "%s/sh" "-c" "test -z \\"\\$GIT_DIR\\"")\nset_tests_properties(one PROPERTIES LABELS "quick")\n' \
    "$work/bin" >"$TESTS"
must_say 0 "hooks/pre-push" hook
must_say 0 "hooks/pre-push" hook
GIT_DIR=$work/tree/.git must_say 0 "1 passed, 0 failed" push
git init -q --bare "$work/far.git"
git push -q "$work/far.git" HEAD:refs/heads/main >"$work/said" 2>&1 || { cat "$work/said"; bad=1; }
echo x >new.c
must_say 1 "commit or stash them" push
if git push -q "$work/far.git" HEAD:refs/heads/other >"$work/said" 2>&1; then
    echo "the hook has let through what was not tested"
    bad=1
fi
echo '#!/bin/sh' >.git/hooks/pre-push
must_say 2 "is there already" hook
cmp -s "$root/.ci/run" - <<'EOC' || { echo ".ci/run does something else than ./dev test"; bad=1; }
#!/bin/sh
# What CI runs on every submission: the same as a developer.
set -eu
cd "$(dirname "$0")/.."
exec ./dev test
EOC
exit $bad
