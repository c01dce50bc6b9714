#ifndef CSIMDJSON_H
#define CSIMDJSON_H

// A C face on simdjson's DOM, of only what event decoding needs. Pointers that it hands out live until the parser's next parse.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct csj_parser csj_parser;

/// A value inside the parsed document. Valid until the next parse.
typedef struct {
    const void *document;
    size_t position;
} csj_value;

typedef enum {
    CSJ_OBJECT,
    CSJ_ARRAY,
    CSJ_STRING,
    CSJ_INTEGER,  ///< written without fraction and exponent
    CSJ_DOUBLE,
    CSJ_BOOL,
    CSJ_NULL,
    CSJ_MISSING,
} csj_kind;

/// NULL when there is no memory.
csj_parser *csj_parser_new(void);
void csj_parser_free(csj_parser *parser);

/// False when the bytes are not one JSON text in UTF-8. Numbers that no machine word holds are bounded, not refused.
bool csj_parse(csj_parser *parser, const char *bytes, size_t count, csj_value *root);

/// A member's name, UTF-8.
typedef struct {
    const char *text;
    size_t count;
} csj_name;

/// What stands under a name.
typedef struct {
    csj_kind kind;
    csj_value value;
    const char *text;  ///< of a CSJ_STRING: unescaped
    size_t count;
} csj_found;

/// The first member of that name; kind CSJ_MISSING when there is none or `object` isn't one.
void csj_member(csj_value object, const char *name, size_t name_count, csj_found *found);

/// `csj_member` for several names in one pass.
void csj_members(csj_value object, const csj_name *names, size_t count, csj_found *found);

/// The element at an index from 0; kind CSJ_MISSING behind the last or when `array` isn't one. It counts from the first.
csj_kind csj_element(csj_value array, size_t index, csj_value *element);

csj_kind csj_kind_of(csj_value value);

/// An integer beyond Int64 comes back as the nearest Int64. Call only on CSJ_INTEGER.
int64_t csj_integer(csj_value value);

/// Call only on CSJ_BOOL.
bool csj_bool(csj_value value);

#ifdef __cplusplus
}
#endif

#endif
