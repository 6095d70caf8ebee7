/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

G_BEGIN_DECLS

/*
 * The language is the expression subset of ECMAScript (literals, operators, ?., arrow functions,
 * the built-ins of String, Array, Object, Number, Math, JSON and RegExp that change nothing). Text
 * is counted in code points; sort() and reverse() return a new list; there is no assignment.
 *
 * Dates: $now is the current time as text (2026-01-31T12:00:00.000Z), Date.now(), Date.parse(text)
 * and Date.UTC(…) count milliseconds. formatDate(value, format, zone) takes either; the format is
 * "iso" (default), "date", "time", "unix" or letters: yyyy yy, MMMM MMM MM M, dd d, EEEE EEE,
 * HH H (0 to 23), hh h (1 to 12) with a (AM, PM), mm m, ss s, SSS (milliseconds), w (ISO week),
 * Q (quarter), XXX (+02:00 or Z), xxx (+02:00), z (CET); text stands in single quotes. Names are
 * English. The zone is "UTC" (default), "local", an IANA name or an offset such as "+02:00".
 * addTime(value, amount, unit) adds milliseconds, seconds, minutes, hours, days, weeks, months,
 * quarters or years and returns what it was given: text or milliseconds.
 */

/*
 * What roots mean during one evaluation. root is the identifier without '$' ("router", "input",
 * "vars", "item"...). Returns a borrowed node that outlives the evaluation, or NULL for an unknown
 * root, which is an error that suggests the nearest of the names given by list_roots.
 */
typedef struct
{
  JsonNode *(*lookup) (const char *root, gpointer data);
  char **(*list_roots) (gpointer data); /* may be NULL; a new strv */
  gpointer data;
  gint64 now;                        /* milliseconds since the epoch for $now and Date.now(); 0: the clock, or */
  gint64 (*get_now) (gpointer data); /* says it when it is asked for; may be NULL */
} HeddleScope;

/* A scope over a context object as in the conformance vectors: {"nodes":{…},"vars":…,"input":…}. */
void heddle_scope_init_context (HeddleScope *scope, JsonNode *context);

/* Compiled once, immutable, any thread. Error: HEDDLE_ERROR_EXPRESSION with column in the message. */
HeddleExpr *heddle_expr_compile (const char *source, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_expr_free (HeddleExpr *expr);

/* Evaluates under a hard budget of steps, memory and time. Returns a sealed node; undefined, NaN become null. */
JsonNode *heddle_expr_evaluate (HeddleExpr *expr, const HeddleScope *scope, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* 1-based column (in code points) of an expression error, and its line; 0 when it has none. */
guint heddle_expr_error_column (const GError *error);
guint heddle_expr_error_line (const GError *error);

/* A function or constant that can be written, to be offered to people. */
typedef struct
{
  const char *owner;     /* NULL: stands by itself; "Math", …; or what values it is a method of: "text", "list", "number", "regexp" */
  const char *name;      /* NULL ends the table */
  const char *signature; /* "(format, zone)"; NULL: no function */
  const char *help;      /* N_(), a sentence */
} HeddleFunctionInfo;
const HeddleFunctionInfo *heddle_expr_list_functions (void);

/* One reference to a root, read statically. */
typedef struct
{
  char *root;  /* without '$' */
  char *path;  /* the constant member path behind it, such as "output.items", or "" */
  guint start; /* byte offsets of "$root" in the source */
  guint end;
  gboolean shorthand; /* stands as {$root}, where it names the member too */
} HeddleReference;

/* New array of HeddleReference*, in source order; the array owns them. */
GPtrArray *heddle_expr_list_references (HeddleExpr *expr) G_GNUC_WARN_UNUSED_RESULT;

/* How inserted values are escaped for the place where they stand. */
typedef enum
{
  HEDDLE_ESCAPE_NONE,
  HEDDLE_ESCAPE_URL,    /* percent-encoded, but verbatim when the template begins with the value */
  HEDDLE_ESCAPE_JSON,   /* string content inside a JSON string literal, compact JSON elsewhere */
  HEDDLE_ESCAPE_HEADER, /* line breaks and control characters are an error */
} HeddleEscape;

/* Text with {{ expression }} inside; "\\{{" is a literal. Immutable, any thread. */
HeddleTemplate *heddle_template_compile (const char *source, HeddleEscape escape, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_template_free (HeddleTemplate *template_);

/* A template that is exactly one {{ … }} keeps the JSON type when keep_type; else always a string. One pass, never evaluated again. */
JsonNode *heddle_template_expand (HeddleTemplate *template_, const HeddleScope *scope, gboolean keep_type, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray *heddle_template_list_references (HeddleTemplate *template_) G_GNUC_WARN_UNUSED_RESULT;

/* Spans of {{ }} in possibly invalid text, for highlighting and completion: array of guint pairs [start,end) of the inside. */
GArray *heddle_template_list_spans (const char *source) G_GNUC_WARN_UNUSED_RESULT;

/* Rewrites every $old reference; returns a new string equal to source when there is none (also when source does not parse). */
char *heddle_expr_rename (const char *source, const char *old_root, const char *new_root) G_GNUC_WARN_UNUSED_RESULT;
char *heddle_template_rename (const char *source, const char *old_root, const char *new_root) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleExpr, heddle_expr_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleTemplate, heddle_template_free)

G_END_DECLS
