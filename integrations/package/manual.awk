# The manual page, from the table of table.sh and sluice.1.in:
#   table.sh SLUICE | awk -v version=0.1.0 -f manual.awk - sluice.1.in
# An option that several verbs have with the same words is described once.
BEGIN { FS = "\t"; MANY = 3 }
function plain(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    if (text ~ /^[.']/) text = "\\&" text
    return text
}
function head_of(row, f) { # -o, --output FILE
    split(row, f, FS)
    return (f[1] != "-" ? "\\fB\\-" f[1] "\\fR, " : "") "\\fB" plain(f[2]) "\\fR" \
        (f[4] == "value" ? " \\fI" f[3] "\\fR" : f[4] == "maybe" ? "[=\\fI" f[3] "\\fR]" : "")
}
function entry(row, f) {
    split(row, f, FS)
    return ".TP\n" head_of(row) "\n" plain(f[6]) "\n"
}
function verb_text(verb, i, out, n, also, f) {
    out = ".SS " plain(verb) "\n" plain(usage[verb]) "\n.PP\n" plain(toupper(substr(summary[verb], 1, 1)) substr(summary[verb], 2)) ".\n"
    out = out prose[verb]
    for (i = 1; i <= nrow; i++) {
        if (owner[i] != verb) continue
        if (count[rows[i]] < MANY) out = out entry(rows[i])
        else {
            split(rows[i], f, FS)
            also = also (n++ ? ",\n" : "") "\\fB" plain(f[2]) "\\fR"
        }
    }
    return also == "" ? out : out ".PP\nAlso, as below:\n" also ".\n"
}
FNR == 1 { file++ }
file == 1 && $1 == "verb" { order[++nverb] = $2; summary[$2] = $3 }
file == 1 && $1 == "usage" { usage[$2] = $3 }
file == 1 && $1 == "option" {
    row = substr($0, length($1 FS $2 FS) + 1)
    if (!count[row]++) distinct[++ndistinct] = row
    owner[++nrow] = $2
    rows[nrow] = row
}
file == 1 && $1 == "word" {
    prose[$2] = prose[$2] ($3 != "" ? ".TP\n\\fB" plain($3) "\\fR\n" : "") plain($4) "\n"
}
file == 1 && $1 == "text" {
    if ($3 ~ /^ / && ends[$2] !~ /^ /) prose[$2] = prose[$2] ".PP\n.nf\n"
    if ($3 !~ /^ / && ends[$2] ~ /^ /) prose[$2] = prose[$2] ".fi\n"
    if ($3 != "" && ends[$2] == "") prose[$2] = prose[$2] ".PP\n"
    if ($3 != "") prose[$2] = prose[$2] plain($3) "\n"
    ends[$2] = $3
}
file == 1 && $1 == "format" { formats = formats ".TP\n\\fB" $2 "\\fR\n" plain($3) "\n" }
file == 1 && $1 == "rule" { rules = rules ".TP\n\\fB" plain($2) "\\fR\n" plain($3) "\n" }
file == 1 { next }
$0 == "@VERBS@" { for (i = 1; i <= nverb; i++) printf "%s", verb_text(order[i]); next }
$0 == "@COMMON@" { for (i = 1; i <= ndistinct; i++) if (count[distinct[i]] >= MANY) printf "%s", entry(distinct[i]); next }
$0 == "@FORMATS@" { printf "%s", formats; next }
$0 == "@RULES@" { printf "%s", rules; next }
{ gsub(/@VERSION@/, version); print }
