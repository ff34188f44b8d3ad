# Completion for fish, from the table of table.sh.
BEGIN {
    FS = "\t"
    print "# fish completion for sluice. Made from `sluice --help`: see integrations/package/fish.awk."
    print "# The verb is the first word that is no option; after \"--\" stands the compiler's command."
    print "function __sluice_verb"
    print "    set -l words (commandline -opc)"
    print "    contains -- -- $words; and return 1"
    print "    set -l verb (string match -v -- '-*' $words[2..-1])[1]"
    print "    contains -- \"$verb\" $argv"
    print "end"
    print "complete -c sluice -n '__sluice_verb \"\"' -f -l version -d 'the version'"
    print "complete -c sluice -n '__sluice_verb \"\"' -f"
    print "complete -c sluice -f -l help -s h -d 'what a verb can do'"
}
function quoted(text) { gsub(/\\/, "\\\\", text); gsub(/'/, "\\'", text); return "'" text "'" }
$1 == "verb" { print "complete -c sluice -n '__sluice_verb \"\"' -f -a " $2 " -d " quoted($3) }
$1 == "word" && $3 != "" { print "complete -c sluice -n '__sluice_verb " $2 "' -f -a " $3 " -d " quoted($4) }
$1 == "rule" { print "complete -c sluice -n '__sluice_verb explain' -f -a " $2 " -d " quoted($3) }
$1 == "format" { formats = formats (formats == "" ? "" : " ") $2 }
$1 == "option" { rows[++n] = $0 }
END {
    print "# text,sarif=FILE"
    print "function __sluice_formats"
    print "    set -l lead (string replace -r -- '^(--format=|-f)' '' (commandline -ct) | string replace -r -- '[^,]*$' '')"
    print "    for format in " formats
    print "        echo $lead$format"
    print "    end"
    print "end"
    for (i = 1; i <= n; i++) {
        split(rows[i], f, FS)
        line = "complete -c sluice -n '__sluice_verb " f[2] "' -l " substr(f[4], 3) (f[3] != "-" ? " -s " f[3] : "")
        if (f[6] == "maybe") {
            gsub(/[^ ]+/, f[4] "=&", f[7])
            line = line " -f -a '" f[7] "'"
        } else if (f[6] == "flag") line = line
        else if (f[7] != "-") line = line " -x -a '" f[7] "'"
        else if (f[5] == "FORMAT") line = line " -x -a '(__sluice_formats)'"
        else if (f[5] == "DIR") line = line " -x -a '(__fish_complete_directories)'"
        else if (f[5] == "REV") line = line " -x -a '(git for-each-ref --format=\"%(refname:short)\" 2>/dev/null)'"
        else if (f[5] ~ /^(N|S|MB|PERCENT|NAME)$/) line = line " -x"
        else line = line " -r -F"
        print line " -d " quoted(f[8])
    }
}
