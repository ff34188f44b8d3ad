/* Build systems by their files. Earlier ones win: a CMake project may have a Makefile, too. */
#include "build_system.h"

#include "base/file.h"

static const BuildSystem systems[] = {
    {"CMake", "CMakeLists.txt",
     "cmake -S . -B build -G Ninja -DCMAKE_EXPORT_COMPILE_COMMANDS=ON && cmake --build "
     "build",
     "cmake ninja-build gcc libc6-dev", "build"},
    {"Meson", "meson.build", "meson setup build && ninja -C build",
     "meson ninja-build gcc libc6-dev", "build"},
    {"a configure script", "configure", "./configure && sluice capture -- make",
     "make bear gcc libc6-dev", "."},
    {"Autotools", "configure.ac",
     "autoreconf -fi && ./configure && sluice capture -- make",
     "autoconf automake libtool make bear gcc libc6-dev", "."},
    {"make", "Makefile", "sluice capture -- make", "make bear gcc libc6-dev", "."},
    {"make", "makefile", "sluice capture -- make", "make bear gcc libc6-dev", "."},
    {"make", "GNUmakefile", "sluice capture -- make", "make bear gcc libc6-dev", "."},
    {"an unknown build system", NULL, "sluice capture -- ./build.sh",
     "bear gcc libc6-dev", "."}};

const BuildSystem *build_system_of(const char *folder, Arena *arena)
{
    const BuildSystem *system = systems;
    while (system->marker && !file_exists(path_join(arena, folder, system->marker)))
        system++;
    return system;
}
