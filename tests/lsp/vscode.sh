#!/bin/sh
# vscode.sh NODE_MODULES: the extension for VS Code passes the compiler, is bundled and packaged. 77: no tools for it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
modules=$(realpath -m "$1")
[ -d "$modules/@vscode/vsce" ] && [ -d "$modules/vscode-languageclient" ] || { echo "no @vscode/vsce"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$here/../../integrations/editors/vscode/." "$work"
rm -rf "$work/node_modules" "$work/out"
ln -s "$modules" "$work/node_modules"
cd "$work"
PATH=$modules/.bin:$PATH
node_modules/.bin/tsc --noEmit -p .
npm run --silent bundle
vsce package --no-dependencies --allow-missing-repository -o sluice.vsix >package.log 2>&1 || { cat package.log; exit 1; }
python3 - <<'EOP'
import json
import zipfile

with zipfile.ZipFile("sluice.vsix") as package:
    names = set(package.namelist())
    wanted = {"extension/package.json", "extension/out/extension.js", "extension/readme.md", "extension/LICENSE.txt"}
    assert wanted <= names, f"missing: {wanted - names}"
    assert not any("/src/" in name or "node_modules" in name for name in names), names
    manifest = json.loads(package.read("extension/package.json"))
    text = package.read("extension/out/extension.js").decode()
    assert manifest["main"] == "./out/extension.js"
    for command in manifest["contributes"]["commands"]:
        assert command["command"] in text, f"{command['command']} is offered, but nothing registers it"
print("ok: the extension is packaged,", len(text) // 1000, "kB of code")
EOP
