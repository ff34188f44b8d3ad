"""completions.py FOLDER: TAB pressed in a real bash and a real zsh, on a terminal, and fish asked with complete -C.
What is on the line then is compared. A shell that is not there is skipped, and said."""
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

made = os.path.realpath(sys.argv[1])
work = tempfile.mkdtemp()
os.mkdir(f"{work}/build")
open(f"{work}/some.patch", "w").close()
open(f"{work}/some.c", "w").close()
faults, skipped = [], []

# What is typed, TAB, and what must be on the line then.
CASES = [
    ("sluice che", "sluice check "),
    ("sluice check --base", "sluice check --base"),  # and --baseline: ambiguous
    ("sluice check --fail", "sluice check --fail-on"),
    ("sluice check --fail-on n", "sluice check --fail-on none "),
    ("sluice check --format sar", "sluice check --format sarif"),
    ("sluice check -f text,sar", "sluice check -f text,sarif"),
    ("sluice check -p bu", "sluice check -p build/"),
    ("sluice check --diff some.p", "sluice check --diff some.patch "),
    ("sluice check some.c --show-s", "sluice check some.c --show-suppressed "),
    ("sluice baseline up", "sluice baseline update "),
    ("sluice explain null-der", "sluice explain null-deref "),
    ("sluice check --dump bel", "sluice check --dump beliefs "),
    ("sluice contracts --annotate=attr", "sluice contracts --annotate=attributes "),
    ("sluice config --stats", "sluice config --stats"),  # no option of this verb
    ("sluice check -- cc --fail", "sluice check -- cc --fail"),  # the compiler's
    ("sluice check -- cc some.c", "sluice check -- cc some.c "),
]


class Terminal:
    def __init__(self, *words, env):
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.chdir(work)
            os.execvpe(words[0], words, {"PATH": os.environ["PATH"], "TERM": "dumb", "HOME": work, "LC_ALL": "C.UTF-8", **env})

    def read_until(self, text, seconds=20):
        seen, end = "", time.monotonic() + seconds
        while text not in seen and time.monotonic() < end:
            if select.select([self.fd], [], [], 0.1)[0]:
                try:
                    seen += os.read(self.fd, 65536).decode(errors="replace")
                except OSError:
                    break
        return seen

    def send(self, text):
        os.write(self.fd, text.encode())

    def close(self):
        self.send("\x03\nexit\n")
        time.sleep(0.1)
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def drive(shell, terminal, start):
    terminal.send(start + "\necho rea''dy\n")
    seen = terminal.read_until("ready\r\n")
    if "ready" not in seen:
        faults.append(f"{shell} does not start: {seen[-300:]!r}")
        return
    for number, (typed, want) in enumerate(CASES):
        # Home, and the line becomes the argument of a command that prints it.
        terminal.send(f"{typed}\t\x01print_line '\x05' {number}end\n")
        seen = terminal.read_until(f"> {number}end\r\n")
        got = re.findall(r"<(.*?)> %dend\r\n" % number, seen, re.S)
        # zsh takes the blank or slash away again when the next key moves the cursor.
        same = got and (got[-1].rstrip(" /") == want.rstrip(" /") if shell == "zsh" else
                        got[-1].rstrip(" ") == want.rstrip(" ") and (got[-1].endswith(" ") or not want.endswith(" ")))
        if not same:
            faults.append(f"{shell}: {typed!r} became {got[-1:] or seen[-200:]!r}, not {want!r}")


def bash():
    terminal = Terminal("bash", "--norc", "--noprofile", "-i", env={"PS1": "> "})
    drive("bash", terminal, f"bind 'set enable-bracketed-paste off'; bind 'set bell-style none'; . {made}/sluice.bash; "
          "print_line() { printf '<%s> %s\\n' \"$1\" \"$2\"; }")
    terminal.close()


def zsh():
    terminal = Terminal("zsh", "-f", "-i", env={"PS1": "> "})
    drive("zsh", terminal, f"unsetopt zle_bracketed_paste prompt_sp prompt_cr list_beep; unset zle_bracketed_paste; "
          f"fpath=({made} $fpath); autoload -Uz compinit && compinit -u -D; "
          "bindkey -e; unsetopt auto_list auto_menu; print_line() { printf '<%s> %s\\n' \"$1\" \"$2\"; }")
    terminal.close()


def fish():
    for typed, want in CASES:
        got = subprocess.run(["fish", "--no-config", "-c", f"source {made}/sluice.fish; complete -C $argv[1]", typed],
                             cwd=work, env={**os.environ, "HOME": work}, capture_output=True, text=True)
        words = sorted(line.split("\t")[0] for line in got.stdout.splitlines())
        last = want.rstrip(" ").split(" ")[-1]
        is_whole = want.endswith(" ") or want.endswith("/") or "sarif" in want or want.endswith("-on")
        if got.stderr or (last not in words if is_whole else typed.split(" ")[-1] != last):
            faults.append(f"fish: {typed!r} offers {words[:8]} {got.stderr}")
        if typed.startswith("sluice config") and words:
            faults.append(f"fish: {typed!r} offers {words[:8]}")


for shell in bash, zsh, fish:
    if shutil.which(shell.__name__):
        shell()
    else:
        skipped.append(shell.__name__)
shutil.rmtree(work)
print("\n".join(faults))
if skipped:
    print("skipped: no", ", ".join(skipped))
sys.exit(1 if faults else 77 if skipped else 0)
