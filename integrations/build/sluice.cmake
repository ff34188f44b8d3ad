# include(sluice.cmake): sluice in a CMake project.
#
#   sluice_add_check(check_all)                        every finding counts
#   sluice_add_check(check_new BASE origin/main)       only what the branch brought
#   sluice_add_check(check_ci BASE origin/main FORMAT text,sarif=sluice.sarif OPTIONS --fail-on B)
#
# makes a target: `cmake --build build --target check_new`. It reads the build's compile database,
# which this file asks CMake to write. DEPENDS names targets that generate headers.
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
find_program(SLUICE_PROGRAM sluice DOC "sluice, the static analyzer")

function(sluice_add_check target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "BASE;FORMAT" "OPTIONS;DEPENDS")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "sluice_add_check: what is ${arg_UNPARSED_ARGUMENTS}?")
    endif()
    if(NOT SLUICE_PROGRAM)
        message(STATUS "sluice is not installed: there is no target ${target}")
        return()
    endif()
    set(words check -p ${CMAKE_BINARY_DIR} ${arg_OPTIONS})
    if(arg_BASE)
        list(APPEND words --base ${arg_BASE})
    endif()
    if(arg_FORMAT)
        list(APPEND words --format ${arg_FORMAT})
    endif()
    add_custom_target(${target} COMMAND ${SLUICE_PROGRAM} ${words}
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} COMMENT "sluice ${words}" USES_TERMINAL VERBATIM)
    if(arg_DEPENDS)
        add_dependencies(${target} ${arg_DEPENDS})
    endif()
endfunction()
