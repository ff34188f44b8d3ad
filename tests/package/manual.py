"""manual.py SLUICE PAGE: every verb, option, format and rule of the program is in the manual page, and the
page has no other option; groff and mandoc have nothing to say against it."""
import re
import shutil
import subprocess
import sys

sluice, page = sys.argv[1:]
faults = []


def said(*words):
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def plain(text):
    return re.sub(r"\\f[A-Z]|\\&", "", text).replace("\\-", "-").replace("\\e", "\\")


text = plain(open(page).read())
verbs = [line.split()[0] for line in said(sluice, "--help").splitlines()
         if line.startswith("  ") and not line.startswith("  sluice")]
assert len(verbs) > 10, verbs
sections = dict(re.findall(r"^\.SS (\S+)\n(.*?)(?=^\.S[SH] )", text, re.M | re.S))
common = re.search(r"^\.SH OPTIONS OF SEVERAL VERBS\n(.*?)^\.SH", text, re.M | re.S).group(1)
known = {"--help", "--version"}
for verb in verbs:
    if verb not in sections:
        faults.append(f"{verb}: no section")
        continue
    for form, about in re.findall(r"^  ((?:-\w, |    )--\S+(?: \S+)?)  +(.*)$", said(sluice, verb, "--help"), re.M):
        name = re.match(r"--[\w-]+", form[4:]).group()
        known.add(name)
        entry = f".TP\n{form.strip()}\n{about}\n"
        if entry not in sections[verb] and not (entry in common and re.search(rf"^{name}[,.]$", sections[verb], re.M)):
            faults.append(f"{verb}: {name} is not described as --help does")
for rule in said(sluice, "explain").split("\n")[:-1]:
    if f"\n{rule.split()[0]}\n" not in text:
        faults.append(f"{rule}: not in the page")
for name in set(re.findall(r"(?<![\w-])--[a-z][\w-]*", text)) - known:
    faults.append(f"{name}: the page has it, no verb has")
if len(known) < 25:
    faults.append(f"only {len(known)} options were seen")

if shutil.which("groff"):
    got = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z", page], capture_output=True, text=True)
    faults += got.stderr.splitlines()
if shutil.which("mandoc"):
    got = subprocess.run(["mandoc", "-Tlint", "-Wwarning", page], capture_output=True, text=True)
    # There is no date: the page is the same whenever it is made.
    faults += [line for line in got.stdout.splitlines() if "missing date" not in line]
print("\n".join(faults))
sys.exit(1 if faults else 0)
