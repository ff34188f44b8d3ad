#!/bin/bash
# Fetches real C services as Debian 12 builds them, each with a compile database.
#     prepare.sh FOLDER [PROJECT...]        needs root, Debian 12 and its package archive
# FOLDER/<package>-<version>/compile_commands.json has one entry for each C source of the
# project itself (no tests, no bundled libraries); .full.json beside it all that was built.
# A project that is there already is skipped; a half-made tree is made again.
set -u
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { sed -n '2,6s/^# //p' "$0" >&2; exit 2; }
mkdir -p "$1" && folder=$(cd "$1" && pwd) || exit 2
shift
projects=(redis nginx curl memcached mosquitto haproxy lighttpd libuv1)
[ $# -eq 0 ] || projects=("$@")
jobs=${JOBS:-$(nproc)}
database="$here/database.py"
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
export DEB_BUILD_OPTIONS="nocheck nodoc parallel=$jobs" DEB_BUILD_PROFILES="nocheck nodoc"
unset MAKEFLAGS MAKELEVEL MFLAGS CFLAGS CPPFLAGS CXXFLAGS LDFLAGS CC CXX
apt="apt-get -q -y -o DPkg::Lock::Timeout=600 -o APT::Sandbox::User=root"

# Source packages come from where the machine's binary packages come from.
enable_sources() {
    local lists=/etc/apt/sources.list.d
    [ -n "$(apt-get indextargets 'Created-By: Sources' 2>/dev/null)" ] && return 0
    if [ -f $lists/debian.sources ]; then
        sed 's/^Types: deb$/Types: deb-src/' $lists/debian.sources >$lists/bench-src.sources
    else
        sed -n 's/^deb /deb-src /p' /etc/apt/sources.list >$lists/bench-src.list
    fi
}

install_tools() {
    enable_sources
    $apt update && $apt install --no-install-recommends \
        bear clang-19 cmake dpkg-dev fakeroot quilt python3 debhelper
}

# Runs a recipe with the variables of debian/rules. Two levels of make, as under dh: only
# then do the DEB_*_MAINT_* exports reach the build flags.
in_rules() {
    printf 'include debian/rules\nbench-outer:\n\t$(MAKE) -f debian/bench.mk bench-inner\nbench-inner:\n\t%s\n' \
        "$1" >debian/bench.mk
    make -f debian/bench.mk bench-outer
}
bear=(bear --output compile_commands.full.json --)

# One function a project, run in its tree; leaves compile_commands.full.json.
build_redis() {
    in_rules 'bear --output compile_commands.full.json -- $(MAKE) -j'"$jobs"' V=1 USE_SYSTEM_JEMALLOC=yes USE_SYSTEMD=yes USE_JEMALLOC=yes'
}
build_nginx() { # the one flavour that Debian builds, in the tree itself
    in_rules './configure $(bin_configure_flags)' && "${bear[@]}" make -j"$jobs"
}
build_curl() { # the OpenSSL flavour: the last two patches are for GnuTLS and NSS
    export QUILT_PATCHES=debian/patches
    quilt pop && quilt pop && autoreconf -fi || return 1
    in_rules 'dh_auto_configure $(CONFIGURE_ARGS) --with-openssl --with-ca-path=/etc/ssl/certs --with-ca-bundle=/etc/ssl/certs/ca-certificates.crt' &&
        "${bear[@]}" make -j"$jobs"
}
build_memcached() { # only the server: the debug binary compiles the same sources again
    dh_autoreconf && debian/rules override_dh_auto_configure && "${bear[@]}" make -j"$jobs" memcached
}
build_mosquitto() {
    in_rules 'dh_auto_configure --buildsystem=cmake -- -DWITH_BUNDLED_DEPS=OFF -DWITH_ADNS=ON -DUSE_LIBWRAP=ON -DWITH_WEBSOCKETS=ON -DWITH_DLT=ON -DWITH_SYSTEMD=$(SYSTEMD) -DCMAKE_EXPORT_COMPILE_COMMANDS=ON' &&
        cp obj-*/compile_commands.json compile_commands.full.json
}
build_haproxy() { # LUA_LIB_NAME: else an installed lua5.4 is linked with the headers of 5.3
    in_rules 'bear --output compile_commands.full.json -- $(MAKE) -j'"$jobs"' $(MAKEARGS) LUA_LIB_NAME=lua5.3'
}
build_lighttpd() {
    dh_autoreconf && debian/rules override_dh_auto_configure && "${bear[@]}" make -j"$jobs"
}
build_libuv1() {
    dh_auto_configure --buildsystem=cmake -- -DCMAKE_EXPORT_COMPILE_COMMANDS=ON &&
        cp obj-*/compile_commands.json compile_commands.full.json
}

# The project's own sources: which to keep, which to leave out (paths in the tree), and
# which of several commands for one source to prefer.
sources_of() {
    keep='.' drop='^$' prefer='^$'
    case $1 in
    redis) keep='^src/' ;;
    mosquitto) drop='^(test|fuzz|examples)/' prefer='WITH_BROKER' ;;
    libuv1) keep='^src/' prefer='-fPIC' ;;
    curl | lighttpd) drop='^(tests?|docs)/' prefer='-fPIC|-DPIC' ;;
    esac
}

prepare() { # prepare PROJECT LOG: all output goes to the log
    local project=$1 tree
    $apt build-dep -P nocheck,nodoc --no-install-recommends "$project" || return 1
    rm -rf "$folder/$project"-[0-9]*/
    (cd "$folder" && $apt source "$project") || return 1
    tree=$(ls -d "$folder/$project"-[0-9]*/) || return 1
    cd "$tree" || return 1
    eval "$(dpkg-architecture -s)"
    "build_$project" || return 1
    rm -f debian/bench.mk
    sources_of "$project"
    python3 "$database" filter . "$keep" "$drop" "$prefer" >.database.new || return 1
    python3 "$database" check .database.new || return 1
    mkdir -p "$folder/packages" && mv "$folder/${project}_"* "$folder/packages/"
    mv .database.new compile_commands.json
}

install_tools >"$folder/tools.log" 2>&1 || { echo "no tools: see $folder/tools.log" >&2; exit 1; }
status=0
for project in "${projects[@]}"; do
    if ls "$folder/$project"-[0-9]*/compile_commands.json >/dev/null 2>&1; then
        echo "$project: there already"
        continue
    fi
    log="$folder/$project.log"
    if (prepare "$project") >"$log" 2>&1; then
        echo "$project: $(tail -n 1 "$log")"
    else
        echo "$project: failed, see $log" >&2
        status=1
    fi
done
exit $status
