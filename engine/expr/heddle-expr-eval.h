/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-expr.h"
#include "heddle-expr-node.h"
#include "heddle-expr-value.h"

G_BEGIN_DECLS

#define EXPR_MAX_STEPS (10 * 1000 * 1000)
#define EXPR_MAX_MEMORY (128 * 1024 * 1024)
#define EXPR_MAX_TIME (2 * G_USEC_PER_SEC)
#define EXPR_MAX_DEPTH 1000 /* nested evaluations, and the height of a syntax tree */

struct _ExprBinding
{
  const char *name; /* interned by the parser, so compared by address */
  ExprValue value;
  ExprBinding *next;
};

/*
 * The state of one evaluation. There is no return code: what fails leaves the error here and
 * returns undefined, and everything that loops or calls back looks at failed.
 */
struct _ExprEval
{
  const HeddleScope *scope;
  const char *source;
  GError *error;
  gboolean failed;
  gboolean skipping; /* a ?. found nothing: the rest of its chain is not evaluated */
  const ExprNode *node;
  ExprBinding *bindings;
  guint depth;
  guint64 steps;
  guint64 next_look; /* steps at which to look at the clock */
  gint64 deadline;
  double now;          /* 0 until somebody asks */
  GPtrArray *patterns; /* regular expressions compiled while evaluating */
  GPtrArray *nodes;    /* what JSON.parse read */
  gsize kept;          /* estimated size of those two */
  ExprArena arena;
};

/* What a built-in is called with. */
typedef struct
{
  ExprValue self;
  const ExprValue *args;
  guint n_args;
} ExprCall;

typedef ExprValue (*ExprBuiltinFunc) (ExprEval *eval, const ExprCall *call);

/* A table ends with a NULL name. In a namespace an entry without func is a constant. */
struct _ExprBuiltin
{
  const char *name;
  ExprBuiltinFunc func;
  double constant;
};

static inline ExprValue
expr_arg (const ExprCall *call, guint index)
{
  return index < call->n_args ? call->args[index] : EXPR_VALUE_UNDEFINED;
}

void expr_eval_init (ExprEval *eval, const HeddleScope *scope, const char *source);
void expr_eval_clear (ExprEval *eval);

/* Always undefined, to be returned. The message is a sentence without its end; the column is added. */
ExprValue expr_eval_fail (ExprEval *eval, const char *format, ...) G_GNUC_PRINTF (2, 3);
ExprValue expr_eval_fail_at (ExprEval *eval, const ExprNode *node, const char *format, ...) G_GNUC_PRINTF (3, 4);
ExprValue expr_eval_fail_limit (ExprEval *eval, const char *message);

/* FALSE, with the error set, when the budget does not allow it. */
gboolean expr_eval_reserve (ExprEval *eval, gsize bytes);
gboolean expr_eval_charge (ExprEval *eval, gsize steps);
/* Takes the node until the end of the evaluation. */
void expr_eval_keep (ExprEval *eval, JsonNode *node, gsize estimated_size);

ExprValue expr_evaluate (ExprEval *eval, const ExprNode *node);
ExprValue expr_evaluate_call (ExprEval *eval, const ExprNode *node);
ExprList *expr_evaluate_items (ExprEval *eval, const ExprNode *node);
gboolean expr_evaluate_base (ExprEval *eval, const ExprNode *node, ExprValue *base);
ExprValue expr_call (ExprEval *eval, ExprValue function, const ExprValue *args, guint n_args);
gboolean expr_iterate (ExprEval *eval, ExprValue value, ExprList *into);
void expr_spread_members (ExprEval *eval, ExprValue value, ExprRecord *into);

/* Operators */
ExprValue expr_unary (ExprEval *eval, ExprOperator operation, ExprValue value);
ExprValue expr_binary (ExprEval *eval, ExprOperator operation, ExprValue a, ExprValue b);
const char *expr_type_name (ExprValue value); /* as typeof says it */

/* Members */
ExprValue expr_member (ExprEval *eval, ExprValue value, ExprText *name);
gboolean expr_has_member (ExprEval *eval, ExprValue value, ExprText *name);
gboolean expr_has_own_member (ExprEval *eval, ExprValue value, ExprText *name);
ExprValue expr_index (ExprEval *eval, ExprValue value, ExprValue key);
const ExprBuiltin *expr_method_table (ExprType type);
const ExprBuiltin *expr_find_builtin (const ExprBuiltin *table, const char *name);
ExprValue expr_builtin_value (ExprEval *eval, const ExprBuiltin *builtin);
gboolean expr_find_global (const char *name, ExprValue *value);
const char *const *expr_list_globals (void);

/* The nearest of the names, NULL when none is near; borrowed. */
const char *expr_nearest (const char *name, const char *const *names);
ExprValue expr_fail_missing (ExprEval *eval, const ExprNode *node, ExprValue base);
ExprValue expr_fail_unknown (ExprEval *eval, const ExprNode *node);
ExprValue expr_fail_not_function (ExprEval *eval, const ExprNode *node, ExprValue base, ExprText *name);

/* Regular expressions */
ExprRegexp *expr_regexp_compile (const char *pattern, gsize size, const char *flags, char **message);
void expr_regexp_free (ExprRegexp *regexp);
char *expr_regexp_to_text (const ExprRegexp *regexp);
ExprValue expr_regexp_member (ExprEval *eval, ExprRegexp *regexp, ExprText *name);
ExprValue expr_regexp_replace (ExprEval *eval, ExprText *text, ExprRegexp *regexp, ExprValue replacement);
ExprValue expr_regexp_split (ExprEval *eval, ExprText *text, ExprRegexp *regexp, guint limit);
ExprValue expr_regexp_match (ExprEval *eval, ExprText *text, ExprRegexp *regexp);
ExprValue expr_regexp_match_all (ExprEval *eval, ExprText *text, ExprRegexp *regexp);
ExprValue expr_regexp_search (ExprEval *eval, ExprText *text, ExprRegexp *regexp);
ExprRegexp *expr_regexp_new (ExprEval *eval, ExprValue pattern, ExprValue flags);
gboolean expr_regexp_is_global (const ExprRegexp *regexp);
ExprRegexp *expr_regexp_coerce (ExprEval *eval, ExprValue value, const char *flags); /* a text is a pattern */

/* Shared by several built-ins */
gsize expr_clamp_index (ExprEval *eval, ExprValue value, gsize length, gsize fallback);               /* negative counts from the end */
ExprText *expr_json_stringify (ExprEval *eval, ExprValue value, ExprValue replacer, ExprValue space); /* NULL: undefined */
void expr_expand_replacement (ExprEval *eval, GString *out, ExprText *pattern, ExprText *text, const gsize *groups, guint n_groups, ExprValue names);
int expr_locale_compare (ExprText *a, ExprText *b, gboolean numeric, gboolean base_only);
double expr_eval_now (ExprEval *eval); /* milliseconds since 1970, the same during one evaluation */
char *expr_date_to_iso (double milliseconds);

/* Global functions */
ExprValue expr_add_time (ExprEval *eval, const ExprCall *call);
ExprValue expr_decode_uri (ExprEval *eval, const ExprCall *call);
ExprValue expr_decode_uri_component (ExprEval *eval, const ExprCall *call);
ExprValue expr_encode_uri (ExprEval *eval, const ExprCall *call);
ExprValue expr_encode_uri_component (ExprEval *eval, const ExprCall *call);
ExprValue expr_format_date (ExprEval *eval, const ExprCall *call);
ExprValue expr_parse_float (ExprEval *eval, const ExprCall *call);
ExprValue expr_parse_int (ExprEval *eval, const ExprCall *call);

/* The tables of the built-ins, by area. */
extern const ExprBuiltin expr_string_methods[], expr_array_methods[], expr_number_methods[], expr_object_methods[],
  expr_regexp_methods[], expr_function_methods[], expr_boolean_methods[];
extern const ExprBuiltin expr_math_members[], expr_json_members[], expr_object_members[], expr_array_members[],
  expr_string_members[], expr_number_members[], expr_date_members[];

G_END_DECLS
