#!/bin/sh
# table.sh SLUICE: what the program says of itself with --help, as a table: the manual page and the
# completions are made from it, so that no option is written down twice. One row a line, tabs between:
#   verb NAME SUMMARY | usage VERB TEXT | word VERB WORD TEXT | text VERB LINE
#   option VERB LETTER NAME VALUE KIND CHOICES HELP     KIND: flag, value, maybe; "-": none
#   format NAME SUMMARY | rule ID TITLE
set -eu
sluice=$1
help=$("$sluice" --help)
verbs=$(printf '%s\n' "$help" | sed -n 's/^  \([a-z][a-z-]*\)  *\([^ ].*\)$/\1/p' | grep -vx sluice)
printf '%s\n' "$help" | awk -v OFS='\t' '
    /^  [a-z]/ && $1 != "sluice" { name = $1; sub(/^  [^ ]+ +/, ""); print "verb", name, $0 }'
for verb in $verbs; do
    "$sluice" "$verb" --help | awk -v OFS='\t' -v verb="$verb" '
        # "ir, summary or beliefs, instead of findings": ir summary beliefs
        function choices(text, n, i, words, list) {
            sub(/^.*: /, "", text)
            gsub(/ \(the default\)/, "", text)
            n = split(text, words, /, | or /)
            for (i = 1; i <= n; i++)
                if (words[i] ~ /^[A-Za-z]+$/) list = list (list == "" ? "" : " ") words[i]
            return list == "" ? "-" : list
        }
        sub(/^usage: /, "") { print "usage", verb, $0; next }
        /^  (-.,|   ) --/ {
            letter = substr($0, 3, 1) == "-" ? substr($0, 4, 1) : "-"
            line = substr($0, 7)
            match(line, /  +/)
            form = substr(line, 1, RSTART - 1)
            text = substr(line, RSTART + RLENGTH)
            kind = "flag"; value = "-"; name = form
            if (match(form, /\[=.*\]$/)) {
                kind = "maybe"; name = substr(form, 1, RSTART - 1)
                value = substr(form, RSTART + 2, RLENGTH - 3)
            } else if (match(form, / .*$/)) {
                kind = "value"; name = substr(form, 1, RSTART - 1); value = substr(form, RSTART + 1)
            }
            list = value ~ /^(WHAT|TIER|STYLE)$/ ? choices(text) : value ~ /^[a-z]+$/ ? value : "-"
            print "option", verb, letter, name, value, kind, list, text
            next
        }
        /^Formats, / { formats = 1; next }
        formats && /^  [a-z]/ {
            name = $1; sub(/^  [^ ]+ +/, "")
            if (verb == "check") print "format", name, $0
            next
        }
        /^[a-z]+  +[^ ]/ { word = $1; sub(/^[^ ]+ +/, ""); print "word", verb, word, $0; after = 1; next }
        after && /^   +[^ ]/ { sub(/^ +/, ""); print "word", verb, "", $0; next }
        { after = 0; print "text", verb, $0 }'
done
"$sluice" explain | awk -v OFS='\t' '{ id = $1; sub(/^[^ ]+ +/, ""); print "rule", id, $0 }'
