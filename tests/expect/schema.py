"""schema.py SCHEMA JSON: the second must be what the first says; prints what is not."""
import json
import sys

import jsonschema


def main():
    try:
        schema, document = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:3])
    except (OSError, ValueError) as error:
        print(error)
        return 1
    jsonschema.Draft7Validator.check_schema(schema)
    bad = list(jsonschema.Draft7Validator(schema).iter_errors(document))
    for error in bad[:20]:
        print(f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
    return 1 if bad else 0


sys.exit(main())
