#!/usr/bin/env bash
# cli_progress.sh SLUICE: a bar that moves where a person looks on, nothing where nobody does.
. "$(dirname "$0")/cli_common.sh"
make_project .
for i in $(seq 400); do # enough work for the bar to be drawn more than once
    echo "int deep$i(int **p, int k) { int *q = k > $i ? 0 : *p; for (int i = 0; i < k; i++) q = p[i] ? p[i] : q; return q ? *q : 0; }"
done >>src/find.c

"$sluice" check --no-cache >/dev/null 2>quiet
grep -q 'analysing\|parsing' quiet && complain "a bar where there is no terminal"

cat >"$work/watch.py" <<'EOF'
import os, pty, sys
# The command's standard error is a terminal, its output is not.
ours, theirs = pty.openpty()
pid = os.fork()
if pid == 0:
    os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
    os.dup2(theirs, 2)
    os.execv(sys.argv[1], sys.argv[1:])
os.close(theirs)
said = b""
try:
    while piece := os.read(ours, 65536):
        said += piece
except OSError:
    pass
os.waitpid(pid, 0)
sys.stdout.buffer.write(said.replace(b"\r", b"\n"))
EOF
python3 "$work/watch.py" "$sluice" check --no-cache >seen
grep -q 'parsing \[[#.]*\] 0/2' seen || complain "no bar while parsing"
grep -qE 'analysing \[[#.]*\] 0/40[0-9] ' seen || complain "no bar while analysing"
grep -A1 'analysing \[' seen | tail -n 1 | grep -q 'analysing' && complain "the bar was left standing"
python3 "$work/watch.py" "$sluice" check --no-cache --verbose >seen
grep -q 'analysing \[' seen && complain "a bar between the lines of --verbose"
[ "$(grep -c . seen)" -lt 40 ] || complain "--verbose says a line a function"
end
