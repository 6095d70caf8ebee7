/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "heddle-expr-arena.h"

G_BEGIN_DECLS

typedef struct _ExprBinding ExprBinding;
typedef struct _ExprBuiltin ExprBuiltin;
typedef struct _ExprEval ExprEval;
typedef struct _ExprNode ExprNode;
typedef struct _ExprRecord ExprRecord;
typedef struct _ExprRegexp ExprRegexp;

/*
 * The values of one evaluation. They live in its arena and are immutable once made, so a value
 * from outside is only wrapped: its members are looked at when they are asked for.
 */
typedef enum
{
  EXPR_UNDEFINED,
  EXPR_NULL,
  EXPR_BOOLEAN,
  EXPR_NUMBER,
  EXPR_INTEGER, /* a number beyond 2^53 that came from outside and is kept exact */
  EXPR_STRING,
  EXPR_ARRAY,
  EXPR_OBJECT,
  EXPR_REGEXP,
  EXPR_FUNCTION,
  EXPR_N_TYPES,
} ExprType;

/* Memory that the next concatenation may extend in place. */
typedef struct
{
  char *data;
  gsize used;
  gsize capacity;
} ExprBuffer;

/* Valid UTF-8; bytes[size] is readable but not always NUL. */
typedef struct
{
  const char *bytes;
  gsize size;
  gsize length; /* in code points; EXPR_UNCOUNTED until somebody asks */
  ExprBuffer *buffer;
} ExprText;

#define EXPR_UNCOUNTED G_MAXSIZE

typedef struct _ExprList ExprList;
typedef struct _ExprFunction ExprFunction;

typedef struct
{
  ExprType type;
  union
  {
    gboolean boolean;
    double number;
    gint64 integer;
    ExprText *text;
    ExprList *list;
    ExprRecord *record;
    ExprRegexp *regexp;
    const ExprFunction *function;
  };
} ExprValue;

struct _ExprList
{
  JsonNode *node; /* an array from outside, or NULL and then items */
  ExprValue *items;
  guint length;
  guint capacity;
  ExprRecord *extra; /* what a regular expression's match has beside its groups */
};

typedef struct
{
  ExprText *key;
  ExprValue value;
} ExprEntry;

struct _ExprRecord
{
  JsonNode *node; /* an object from outside, or NULL and then entries */
  ExprEntry *entries;
  guint count;
  guint capacity;
  guint32 *index; /* open hash of positions + 1 once there are many */
  guint index_size;
};

/* A lambda with what it closes over, a built-in, or a namespace such as Math (perhaps callable). */
struct _ExprFunction
{
  const ExprNode *lambda;
  ExprBinding *bindings;
  const ExprBuiltin *builtin;
  const ExprBuiltin *members;
  const char *name; /* of a namespace */
};

/* Constants */
#define EXPR_VALUE_UNDEFINED ((ExprValue){ .type = EXPR_UNDEFINED })
#define EXPR_VALUE_NULL ((ExprValue){ .type = EXPR_NULL })

static inline ExprValue
expr_boolean (gboolean boolean)
{
  return (ExprValue){ .type = EXPR_BOOLEAN, .boolean = boolean };
}

static inline ExprValue
expr_number (double number)
{
  return (ExprValue){ .type = EXPR_NUMBER, .number = number };
}

static inline ExprValue
expr_text_value (ExprText *text)
{
  return (ExprValue){ .type = EXPR_STRING, .text = text };
}

static inline ExprValue
expr_list_value (ExprList *list)
{
  return (ExprValue){ .type = EXPR_ARRAY, .list = list };
}

static inline ExprValue
expr_record_value (ExprRecord *record)
{
  return (ExprValue){ .type = EXPR_OBJECT, .record = record };
}

static inline gboolean
expr_is_nullish (ExprValue value)
{
  return value.type == EXPR_UNDEFINED || value.type == EXPR_NULL;
}

static inline gboolean
expr_is_number (ExprValue value)
{
  return value.type == EXPR_NUMBER || value.type == EXPR_INTEGER;
}

static inline gboolean
expr_is_callable (ExprValue value)
{
  return value.type == EXPR_FUNCTION && (value.function->lambda != NULL || value.function->builtin != NULL);
}

/* Text. Where the result can be large it is checked against the budget: a failed one is empty text. */
ExprText *expr_text_wrap (ExprEval *eval, const char *bytes, gsize size);
ExprText *expr_text_copy (ExprEval *eval, const char *bytes, gsize size);
ExprText *expr_text_take (ExprEval *eval, GString *text); /* frees text */
ExprText *expr_text_concat (ExprEval *eval, ExprText *a, ExprText *b);
gsize expr_text_length (ExprText *text);
gsize expr_text_offset (ExprText *text, gsize index); /* bytes before the code point */
gsize expr_text_index (ExprText *text, gsize offset); /* code points before the byte */
ExprText *expr_text_slice (ExprEval *eval, ExprText *text, gsize from, gsize to);
ExprText *expr_text_slice_bytes (ExprEval *eval, ExprText *text, gsize from, gsize to);
const char *expr_text_find (ExprText *text, gsize from_byte, ExprText *needle);
gboolean expr_text_equal (const ExprText *a, const ExprText *b);
int expr_text_compare (const ExprText *a, const ExprText *b);
const char *expr_text_c_string (ExprEval *eval, ExprText *text); /* NULL when it contains NUL */
ExprValue expr_string (ExprEval *eval, const char *literal);     /* wraps; the bytes must live on */

/* Lists */
ExprList *expr_list_new (ExprEval *eval, guint capacity);
void expr_list_add (ExprEval *eval, ExprList *list, ExprValue value);
ExprValue expr_list_get (ExprEval *eval, ExprList *list, guint index); /* undefined beyond the end */
ExprValue *expr_list_dup_items (ExprEval *eval, ExprList *list);       /* NULL after a failure */

/* Records keep the order of insertion; expr_record_entries gives ECMAScript's: integers first. */
ExprRecord *expr_record_new (ExprEval *eval);
void expr_record_set (ExprEval *eval, ExprRecord *record, ExprText *key, ExprValue value);
gboolean expr_record_get (ExprEval *eval, ExprRecord *record, ExprText *key, ExprValue *value);
ExprEntry *expr_record_entries (ExprEval *eval, ExprRecord *record, guint *count);

/* Conversions as ECMAScript does them. */
gboolean expr_to_boolean (ExprValue value);
double expr_to_number (ExprEval *eval, ExprValue value);
double expr_to_integer (ExprEval *eval, ExprValue value); /* truncated; NaN gives 0 */
gint32 expr_to_int32 (ExprEval *eval, ExprValue value);
ExprText *expr_to_text (ExprEval *eval, ExprValue value);
ExprValue expr_to_primitive (ExprEval *eval, ExprValue value);
double expr_parse_number (const char *bytes, gsize size);
gboolean expr_is_space (gunichar character);
gboolean expr_to_array_index (const ExprText *key, guint *index);

gboolean expr_strictly_equal (ExprValue a, ExprValue b);
gboolean expr_same_value_zero (ExprValue a, ExprValue b);
gboolean expr_loosely_equal (ExprEval *eval, ExprValue a, ExprValue b);

/* The border to JSON. */
ExprValue expr_from_node (ExprEval *eval, JsonNode *node);
JsonNode *expr_to_node (ExprEval *eval, ExprValue value); /* NULL after a failure */

G_END_DECLS
