#!/bin/sh
# editors.sh neovim|emacs|jsonrpc SLUICE NODE_MODULES: a real client drives the language server. 77: it is not installed.
set -u
here=$(cd "$(dirname "$0")" && pwd)
client=$1
SLUICE=$(realpath "$2")
modules=$(realpath -m "$3")
case $client in
neovim) command -v nvim >/dev/null || { echo "no nvim"; exit 77; } ;;
emacs) emacs --batch -f package-initialize --eval "(require 'eglot)" 2>/dev/null || { echo "no emacs with eglot"; exit 77; } ;;
jsonrpc) [ -d "$modules/vscode-languageserver-protocol" ] || { echo "no vscode-languageserver-protocol"; exit 77; } ;;
esac
PROJECT=$(mktemp -d)
trap 'rm -rf "$PROJECT"' EXIT
HOME=$PROJECT/home
EDITORS=$here/../../integrations/editors
export SLUICE PROJECT EDITORS HOME
mkdir "$HOME" "$PROJECT/.git"
cat >"$PROJECT/a.c" <<'EOC'
char *getenv(const char *);

int early_return(const char *name, int *out)
{
    if (out == 0) return -22;
    const char *home = getenv(name);
    *out = home[0];
    return 0;
}
EOC
printf '[{"directory": "%s", "file": "a.c", "arguments": ["cc", "-c", "a.c"]}]\n' "$PROJECT" >"$PROJECT/compile_commands.json"
case $client in
neovim) timeout 120 nvim --headless --clean -u "$here/neovim.lua" </dev/null 2>&1 ;;
emacs) cd "$PROJECT" && timeout 120 emacs --batch -f package-initialize -l "$here/emacs.el" </dev/null 2>&1 ;;
jsonrpc) NODE_PATH=$modules timeout 120 node "$here/jsonrpc.js" </dev/null 2>&1 ;;
esac
