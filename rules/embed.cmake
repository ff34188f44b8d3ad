# Turns text files into C arrays, so that the program needs no files beside it.
#   cmake -DOUT=x.c -DKIND=pages|packs "-DFILES=a.md|b.md" -P embed.cmake
# pages: `const char page_<file>[]` for each file. packs: the table all_packs of rules.h.

# Every byte becomes a character constant: no escaping to get wrong, no limit on length.
function(text_to_c file result)
    file(READ ${file} hex HEX)
    string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
    string(REPLACE "'\\x0a'," "'\\x0a',\n" bytes "${bytes}")
    set(${result} "${bytes}0" PARENT_SCOPE)
endfunction()

set(code "/* Made from text files by rules/embed.cmake. */\n#include \"rules/rules.h\"\n")
set(table "")
set(count 0)
string(REPLACE "|" ";" FILES "${FILES}")
foreach(file IN LISTS FILES)
    text_to_c(${file} bytes)
    if(KIND STREQUAL "pages")
        get_filename_component(name ${file} NAME_WE)
        string(APPEND code "extern const char page_${name}[];\n"
                           "const char page_${name}[] = {\n${bytes}};\n")
    else()
        get_filename_component(name ${file} NAME)
        string(APPEND code "static const char pack${count}[] = {\n${bytes}};\n")
        string(APPEND table "    {\"${name}\", pack${count}, sizeof pack${count} - 1},\n")
    endif()
    math(EXPR count "${count} + 1")
endforeach()
if(KIND STREQUAL "packs")
    if(count EQUAL 0)
        set(table "    {0}, /* C has no empty arrays */\n")
    endif()
    string(APPEND code "const Pack all_packs[] = {\n${table}};\n"
                       "const size_t all_packs_count = ${count};\n")
endif()
file(WRITE ${OUT} "${code}")
