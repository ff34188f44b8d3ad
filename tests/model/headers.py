"""What the headers of a library declare: functions, members, types, constants, macros.

Read with libclang, as sluice itself reads programs.
"""
import glob
import os
import shlex
import subprocess
import sys
import tempfile

try:
    import clang.cindex as cindex
except ImportError:  # the module is Debian's, this Python may be another one
    sys.path.append("/usr/lib/python3/dist-packages")
    import clang.cindex as cindex

from clang.cindex import CursorKind as Cursor
from clang.cindex import TypeKind

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


class Missing(Exception):
    """The headers are not there, or do not parse."""


def output_of(*command):
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError) as error:
        raise Missing(f"{' '.join(command)}: {error}; ./dev test installs what the tests need") from error


def nginx_flags():
    """The headers of nginx-dev are its sources; what its configure writes stands beside the fixtures."""
    source = "/usr/share/nginx/src/src"
    if not os.path.isdir(source):
        raise Missing("nginx-dev is not installed: ./dev test installs what the tests need")
    folders = ["core", "event", "event/modules", "os/unix", "http", "http/modules"]
    flags = [f"-I{source}/{folder}" for folder in folders]
    return flags + [f"-I{ROOT}/fixtures/ctx/include/nginx"]


def flags_of(modules):
    flags = []
    for module in modules:
        if module == "nginx":
            flags += nginx_flags()
        elif module == "apache2":
            flags += ["-I/usr/include/apache2"]
        elif module != "-":
            flags += shlex.split(output_of("pkg-config", "--cflags", module))
    return flags


class Headers:
    """All that one translation unit with these headers declares."""

    def __init__(self, headers, modules):
        self.functions = {}  # name -> Function
        self.members = {}  # "struct::member" -> type
        self.records = {}  # name of struct, union or typedef -> {member: type}
        self.typedefs = {}  # name -> type
        self.constants = set()  # of enumerations
        self.macros = {}  # name -> number of arguments, None: not like a function
        self.files = set()
        self.parse(headers, flags_of(modules))

    def parse(self, headers, flags):
        text = "".join(f"#include <{header}>\n" for header in headers)
        resource = output_of("clang-19", "-print-resource-dir")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "use.c")
            args = ["-std=gnu17", "-D_GNU_SOURCE", "-w", "-resource-dir", resource, *flags]
            unit = index().parse(
                path,
                args=args,
                unsaved_files=[(path, text)],
                options=cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD
                | cindex.TranslationUnit.PARSE_SKIP_FUNCTION_BODIES,
            )
            for diagnostic in unit.diagnostics:
                if diagnostic.severity >= cindex.Diagnostic.Error:
                    raise Missing(str(diagnostic))
            self.files = {inclusion.include.name for inclusion in unit.get_includes()}
            for cursor in unit.cursor.get_children():
                self.take(cursor)

    def take(self, cursor):
        kind = cursor.kind
        if kind == Cursor.FUNCTION_DECL:
            self.functions[cursor.spelling] = Function(cursor)
        elif kind == Cursor.TYPEDEF_DECL:
            self.typedefs[cursor.spelling] = cursor.underlying_typedef_type
        elif kind in (Cursor.STRUCT_DECL, Cursor.UNION_DECL):
            if cursor.is_definition() and cursor.spelling:
                for member in cursor.type.get_fields():
                    self.members[f"{cursor.spelling}::{member.spelling}"] = member.type
                self.records[cursor.spelling] = True
        elif kind == Cursor.ENUM_DECL:
            self.constants.update(child.spelling for child in cursor.get_children())
        elif kind == Cursor.MACRO_DEFINITION:
            self.macros[cursor.spelling] = count_macro(cursor)

    def calls(self):
        """Everything that can be called by a name: functions, and members that are function pointers."""
        if not hasattr(self, "_calls"):
            self._calls = dict(self.functions)
            for name, type_ in self.members.items():
                proto = prototype(type_)
                if proto is not None:
                    self._calls[name] = Function.of_type(proto)
        return self._calls

    def function_types(self):
        """typedef -> Function, for those of functions and of pointers to them."""
        found = {}
        for name, type_ in self.typedefs.items():
            proto = prototype(type_)
            if proto is not None:
                found[name] = Function.of_type(proto)
        return found

    def spellings(self):
        """The types that values can have, as they are written and without typedefs."""
        names = list(self.typedefs) + [f"struct {name}" for name in self.records]
        for function in self.functions.values():
            for type_ in [*function.types, function.result]:
                names += [type_.spelling, type_.get_canonical().spelling]
        found = set()
        for name in names:
            found.update((name, f"{name} *", f"const {name} *", f"{name}[4]", f"const {name}[4]"))
        return found


class Function:
    def __init__(self, cursor):
        arguments = list(cursor.get_arguments())
        self.names = [argument.spelling for argument in arguments]
        self.types = [argument.type for argument in arguments]
        self.result = cursor.result_type
        self.variadic = cursor.type.kind == TypeKind.FUNCTIONPROTO and cursor.type.is_function_variadic()

    @classmethod
    def of_type(cls, proto):
        self = cls.__new__(cls)
        self.types = list(proto.argument_types())
        self.names = [""] * len(self.types)
        self.result = proto.get_result()
        self.variadic = proto.is_function_variadic()
        return self


def index():
    if not hasattr(index, "one"):
        libraries = glob.glob("/usr/lib/llvm-19/lib/libclang-19.so*") + glob.glob("/usr/lib/llvm-19/lib/libclang.so*")
        if not cindex.Config.loaded and libraries:
            cindex.Config.set_library_file(sorted(libraries)[0])
        index.one = cindex.Index.create()
    return index.one


def count_macro(cursor):
    """The number of parameters; None: the macro takes no arguments."""
    tokens = [token.spelling for token in cursor.get_tokens()]
    extent = list(cursor.get_tokens())
    if len(tokens) < 3 or tokens[1] != "(":
        return None
    if extent[1].extent.start.offset != extent[0].extent.end.offset:
        return None
    inside = tokens[2 : tokens.index(")")]
    return 1 + inside.count(",") if inside else 0


def prototype(type_):
    """The function type that a pointer leads to, or that a type is; None: it is none."""
    type_ = type_.get_canonical()
    if type_.kind == TypeKind.POINTER:
        type_ = type_.get_pointee().get_canonical()
    return type_ if type_.kind == TypeKind.FUNCTIONPROTO else None


def is_pointer(type_):
    return type_.get_canonical().kind in (
        TypeKind.POINTER,
        TypeKind.INCOMPLETEARRAY,
        TypeKind.CONSTANTARRAY,
    )


def member_of(type_, name):
    """The type of a member of what a type is or points to; members without a name are looked through."""
    type_ = type_.get_canonical()
    while type_.kind in (TypeKind.POINTER, TypeKind.INCOMPLETEARRAY, TypeKind.CONSTANTARRAY):
        type_ = (type_.get_pointee() if type_.kind == TypeKind.POINTER else type_.element_type).get_canonical()
    if type_.kind != TypeKind.RECORD:
        return None
    for member in type_.get_fields():
        if member.spelling == name:
            return member.type
        if not member.spelling or member.is_anonymous():
            inner = member_of(member.type, name)
            if inner is not None:
                return inner
    return None
