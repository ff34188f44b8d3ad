# Completion for bash, from the table of table.sh.
BEGIN { FS = "\t" }
function add(list, key, word) { list[key] = list[key] (list[key] == "" ? "" : " ") word }
$1 == "verb" { verbs = verbs (verbs == "" ? "" : " ") $2; order[++n] = $2 }
$1 == "word" && $3 != "" { add(words, $2, $3) }
$1 == "rule" { add(words, "explain", $2) }
$1 == "format" { formats = formats (formats == "" ? "" : " ") $2 }
$1 == "option" {
    add(options, $2, $4)
    n_values = $6 == "maybe" ? split($7, values, " ") : 0
    for (i = 1; i <= n_values; i++) add(options, $2, $4 "=" values[i])
    if ($6 == "flag") next
    what = $7 != "-" ? "words:" $7 : $5 == "FORMAT" ? "formats" : $5 == "DIR" ? "folders" : \
        $5 == "REV" ? "revisions" : $5 ~ /^(N|S|MB|PERCENT|NAME)$/ ? "nothing" : "files"
    cases = cases "    '" $2 " " $4 "'" \
        ($3 != "-" ? " | '" $2 " -" $3 "'" : "") ") what=" ($7 != "-" ? "'" what "'" : what) " ;;\n"
    if ($6 == "maybe") maybe = maybe " | '" $2 " " $4 "'"
}
END {
    print "# bash completion for sluice. Made from `sluice --help`: see integrations/package/bash.awk."
    print "_sluice()"
    print "{"
    print "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} verb='' what='' i is_after=''"
    print "    COMPREPLY=()"
    print "    # readline cuts --name=value into three words."
    print "    if [ \"$cur\" = = ]; then"
    print "        cur='' is_after=1"
    print "    elif [ \"$prev\" = = ]; then"
    print "        prev=${COMP_WORDS[COMP_CWORD - 2]} is_after=1"
    print "    fi"
    print "    for ((i = 1; i < COMP_CWORD; i++)); do"
    print "        case ${COMP_WORDS[i]} in"
    print "        --) return ;;"
    print "        -* | =) ;;"
    print "        *) [ -n \"$verb\" ] || verb=${COMP_WORDS[i]} ;;"
    print "        esac"
    print "    done"
    print "    if [ -z \"$verb\" ]; then"
    print "        mapfile -t COMPREPLY < <(compgen -W '" verbs " --help --version' -- \"$cur\")"
    print "        return"
    print "    fi"
    print "    case \"$verb $prev\" in"
    printf "%s", cases
    print "    esac"
    if (maybe != "")
        print "    case \"$is_after$verb $prev\" in" substr(maybe, 3) ") what='' ;; esac # its value needs a \"=\""
    print "    case $what in"
    print "    words:*) mapfile -t COMPREPLY < <(compgen -W \"${what#words:}\" -- \"$cur\") ;;"
    print "    formats) # text,sarif=FILE"
    print "        case $cur in *,*) what=${cur%,*}, ;; *) what='' ;; esac"
    print "        mapfile -t COMPREPLY < <(compgen -P \"$what\" -W '" formats "' -- \"${cur##*,}\")"
    print "        ;;"
    print "    folders) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$cur\") ;;"
    print "    revisions)"
    print "        mapfile -t COMPREPLY < <(compgen -W \"HEAD $(git for-each-ref --format='%(refname:short)' 2>/dev/null)\" -- \"$cur\")"
    print "        ;;"
    print "    nothing) compopt +o default +o bashdefault ;;"
    print "    files) ;;"
    print "    *)"
    print "        case $verb in"
    for (i = 1; i <= n; i++) {
        verb = order[i]
        print "        " verb ") what='" options[verb] " --help'" \
            (words[verb] != "" ? "; [[ $cur = -* ]] || what='" words[verb] "'" : "; [[ $cur = -* ]] || what=''") " ;;"
    }
    print "        esac"
    print "        [ -z \"$what\" ] || mapfile -t COMPREPLY < <(compgen -W \"$what\" -- \"$cur\")"
    print "        ;;"
    print "    esac"
    print "}"
    print "complete -o bashdefault -o default -F _sluice sluice"
}
