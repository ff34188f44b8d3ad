# Turns pages into C arrays, so that the program needs no files beside it: a
# `const char page_<file>[]` for each.
#   cmake -DOUT=x.c "-DFILES=a.md|b.md" [-DHEADER=a/b.h] -P embed.cmake

# Every byte becomes a character constant: no escaping to get wrong, no limit on length.
function(text_to_c file result)
    file(READ ${file} hex HEX)
    string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
    string(REPLACE "'\\x0a'," "'\\x0a',\n" bytes "${bytes}")
    set(${result} "${bytes}0" PARENT_SCOPE)
endfunction()

if(NOT HEADER)
    set(HEADER rules/rules.h)
endif()
set(code "/* Made from text files by rules/embed.cmake. */\n#include \"${HEADER}\"\n")
string(REPLACE "|" ";" FILES "${FILES}")
foreach(file IN LISTS FILES)
    text_to_c(${file} bytes)
    get_filename_component(name ${file} NAME_WE)
    string(APPEND code "extern const char page_${name}[];\n"
                       "const char page_${name}[] = {\n${bytes}};\n")
endforeach()
file(WRITE ${OUT} "${code}")
