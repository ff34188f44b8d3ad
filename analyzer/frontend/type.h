#ifndef FRONTEND_TYPE_H
#define FRONTEND_TYPE_H

#include "frontend/parse.h"

typedef struct RecordField {
    CXCursor cursor;
    struct TypeInfo *type;
    bool is_anonymous; /* struct { ... }; without a name: its members are the owner's */
    uint64_t bits;     /* offset in bits from the record itself */
} RecordField;

typedef enum TypeShape {
    SHAPE_SCALAR,
    SHAPE_ARRAY,
    SHAPE_RECORD,
    SHAPE_UNION,
    SHAPE_FUNCTION,
    SHAPE_VOID,
    SHAPE_BULK /* vector, complex: bytes without parts we name */
} TypeShape;

/* What we know of one type of the TU; one a canonical type, fetched once. */
typedef struct TypeInfo {
    CXType canonical;
    Type type;   /* of an object of this type: arrays and records are aggregates */
    Type scalar; /* of the value: arrays and functions have become pointers */
    TypeShape shape : 8;
    bool is_bool : 1;
    bool is_volatile : 1;
    bool is_const : 1;
    bool is_variable_array : 1;
    bool is_elsewhere : 1; /* in an address space of its own, where 0 is a place */
    bool has_target : 1, has_fields : 1, has_return : 1, never_returns : 1;
    struct TypeInfo *target; /* through type_target */
    RecordField *fields;     /* through type_fields */
    uint32_t nfield;
    uint64_t count; /* of an array */
} TypeInfo;

TypeInfo *type_of(Parse *parse, CXType type);
/* What a pointer points to, or the element of an array; NULL: not a pointer-like type. */
TypeInfo *type_target(Parse *parse, TypeInfo *info);
/* Bytes from one element to the next in pointer arithmetic; 0: only known at run time. */
uint32_t type_stride(Parse *parse, TypeInfo *info);
void type_fields(Parse *parse, TypeInfo *info);
bool type_never_returns(Parse *parse, TypeInfo *fn); /* a function type */
/* What values of this type are called (Param.type_name); NULL: nothing to say. */
const Name *type_name(Parse *parse, CXType type);
/* The same of a member; of a pointer to a function also what it takes, see Field.type_name. */
const Name *type_name_of_slot(Parse *parse, CXType type);
bool type_is_pointer(const TypeInfo *info); /* as an rvalue: pointer, array, function */
TypeInfo *type_of_int(Parse *parse);        /* TypeInfo of `int` */
Type type_pointer(void);                    /* void * */
Type type_int(void);

#endif
