#!/usr/bin/env bash
# cli_capture.sh SLUICE: a compile database from a build with make, and what can be wrong with one.
. "$(realpath "$(dirname "$0")")/cli_common.sh"
command -v bear >/dev/null || { echo "skipped: no bear"; exit 77; }
command -v make >/dev/null || { echo "skipped: no make"; exit 77; }
mkdir "it is"
cat >Makefile <<'EOC'
OBJECTS = a.o b.o
all: $(OBJECTS) lib
%.o: %.c
	cc -DWORD='"a b"' -I"it is" -c $< -o $@
lib:
	$(MAKE) -C "it is"
clean:
	rm -f *.o */*.o
broken: a.o
	false
.PHONY: all lib clean broken
EOC
printf 'all: c.o\nc.o: c.c\n\tgcc -c c.c\n' >"it is/Makefile"
echo 'int f(void);' >"it is/f.h"
printf '#include "f.h"\nint f(void)\n{\n    int *p = 0;\n    return *p + !WORD[0];\n}\n' >a.c
echo 'int g(void); int g(void) { return 0; }' >b.c
echo 'int h(void); int h(void) { return 0; }' >"it is/c.c"
expect 0 "compile_commands.json: 3 commands" "$sluice" capture -- make
expect 0 "all of 3 units" "$sluice" doctor
expect 1 "a.c:5:12: error: 'p' is NULL" "$sluice" check
cp compile_commands.json before.json
# A build that has nothing to do, that fails, that is not there.
expect 3 "Had the build nothing to do? Clean first" "$sluice" capture -- make a.o
same compile_commands.json before.json
rm b.o
expect 0 "compile_commands.json: 3 commands" "$sluice" capture --append -- make
rm b.o
expect 0 "part.json: 1 command" "$sluice" capture -o part.json -- make
make -s clean
expect 3 "the build ended with status 2: compile_commands.json has what was compiled until then" \
    "$sluice" capture -- make broken
expect 0 "all of 1 units" "$sluice" doctor -p compile_commands.json
cp before.json compile_commands.json
expect 3 "Does the build command work by itself?" "$sluice" capture -- ./no-such-build
same compile_commands.json before.json
expect 2 "takes the build command after --" "$sluice" capture make
expect 2 "capture needs Bear" env PATH="$work/empty" "$sluice" capture -- make
[ -z "$(ls ./*.capture 2>/dev/null)" ] || complain "something was left behind"
end
