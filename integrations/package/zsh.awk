# Completion for zsh, from the table of table.sh.
BEGIN { FS = "\t" }
function quoted(text) { gsub(/'/, "'\\''", text); return "'" text "'" }
# In a specification "[", "]", ":" and "\" mean something.
function plain(text) { gsub(/[]\[:\\]/, "\\\\&", text); return text }
$1 == "verb" { verbs = verbs "        " quoted(plain($2) ":" $3) "\n"; order[++n] = $2 }
$1 == "word" && $3 != "" { words[$2] = words[$2] " " $3 }
$1 == "rule" { words["explain"] = words["explain"] " " $2 }
$1 == "format" { formats = formats " " $2 }
$1 == "option" {
    value = $7 != "-" ? "(" $7 ")" : $5 == "FORMAT" ? "_sluice_formats" : $5 == "DIR" ? "_files -/" : \
        $5 == "REV" ? "_sluice_revisions" : $5 ~ /^(N|S|MB|PERCENT|NAME)$/ ? " " : "_files"
    tail = "[" plain($8) "]"
    if ($6 == "value") { long = $4 "="; short = "-" $3 "+"; tail = tail ":" plain($5) ":" value }
    else if ($6 == "maybe") { long = $4 "=-"; short = "-" $3; tail = tail "::" plain($5) ":" value }
    else { long = $4; short = "-" $3 }
    specs[$2] = specs[$2] " \\\n            " quoted("*" long tail)
    if ($3 != "-") specs[$2] = specs[$2] " \\\n            " quoted("*" short tail)
}
END {
    print "#compdef sluice"
    print "# zsh completion for sluice. Made from `sluice --help`: see integrations/package/zsh.awk."
    print "_sluice_formats() {"
    print "    compset -P '*,'"
    print "    compadd -S '' --" formats
    print "}"
    print "_sluice_revisions() {"
    print "    compadd -- HEAD ${(f)\"$(git for-each-ref --format='%(refname:short)' 2>/dev/null)\"}"
    print "}"
    print "_sluice() {"
    print "    local curcontext=$curcontext state line"
    print "    local -a verbs=("
    printf "%s", verbs
    print "    )"
    print "    _arguments -C '(-h --help)'{-h,--help}'[what the verbs are]' '--version[the version]' '1:verb:->verb' '*::argument:->argument' && return"
    print "    case $state in"
    print "    verb) _describe verb verbs ;;"
    print "    argument)"
    print "        case $words[1] in"
    for (i = 1; i <= n; i++) {
        verb = order[i]
        rest = words[verb] != "" ? "'*:word:(" substr(words[verb], 2) ")'" : "'*:file:_files'"
        print "        " verb ")\n            _arguments -s -S '(-h --help)'{-h,--help}'[what it can do]'" specs[verb] " \\\n            " rest
        print "            ;;"
    }
    print "        *) _files ;;"
    print "        esac"
    print "        ;;"
    print "    esac"
    print "}"
    print "_sluice \"$@\""
}
