/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-types.h"

#include <glib/gi18n-lib.h>

G_BEGIN_DECLS

/* A node type is one const descriptor; palette, inspector, validation, schema, documentation and tests are derived from it. */

typedef enum
{
  HEDDLE_VALUE_ANY,
  HEDDLE_VALUE_TEXT,
  HEDDLE_VALUE_NUMBER,
  HEDDLE_VALUE_BOOLEAN,
  HEDDLE_VALUE_LIST,
  HEDDLE_VALUE_OBJECT,
} HeddleValueType;

typedef enum
{
  HEDDLE_PORT_REQUIRED = 0,
  HEDDLE_PORT_OPTIONAL = 1 << 0, /* a dead optional port is merely absent */
  HEDDLE_PORT_TOOLS = 1 << 1,    /* an input: what is wired here is no step but a tool that the node calls; see heddle-tool-spec.h */
} HeddlePortFlags;

/* When an input port with several edges is live; see ARCHITECTURE.md. */
typedef enum
{
  HEDDLE_JOIN_ANY,    /* all edges are resolved, at least one is live */
  HEDDLE_JOIN_ALL,    /* all edges are live */
  HEDDLE_JOIN_FIRST,  /* the first live edge; later ones are ignored */
  HEDDLE_JOIN_ALWAYS, /* all edges are resolved in whatever way */
} HeddleJoin;

typedef struct
{
  const char *name;  /* the first input and the first output are the default ports */
  const char *title; /* N_() */
  HeddleValueType type;
  HeddlePortFlags flags;
  HeddleJoin join; /* of an input */
} HeddlePortSpec;

typedef enum
{
  HEDDLE_PARAM_STRING = 1, /* one line of text, a template when .is_template */
  HEDDLE_PARAM_TEXT,       /* several lines of text, a template when .is_template */
  HEDDLE_PARAM_EXPRESSION, /* an expression, evaluated before run(): the field holds its value */
  HEDDLE_PARAM_MODEL,      /* provider/model */
  HEDDLE_PARAM_CREDENTIAL, /* name of a credential, never its value */
  HEDDLE_PARAM_KNOWLEDGE,  /* name of a knowledge base */
  HEDDLE_PARAM_WORKFLOW,   /* name or id of a stored workflow */
  HEDDLE_PARAM_MCP_SERVER, /* name of an MCP server, never how to reach it */
  HEDDLE_PARAM_CHOICE,
  HEDDLE_PARAM_INT,
  HEDDLE_PARAM_DOUBLE,
  HEDDLE_PARAM_BOOLEAN,
  HEDDLE_PARAM_JSON,   /* any JSON; every string inside is a template when .is_template */
  HEDDLE_PARAM_PAIRS,  /* [{"name":…,"value":template}]; the field gets values expanded */
  HEDDLE_PARAM_FIELDS, /* [{"name","title","type":text|multiline|number|boolean|choice|json|image|file,"required","default","choices"}] */
  HEDDLE_PARAM_CASES,  /* [{"name":port,"value":template}] of a Switch */
  HEDDLE_PARAM_NAMES,  /* ["text"], each of which is what .item_kind says: MODEL, KNOWLEDGE, or 0 for any text */
} HeddleParamKind;

typedef struct
{
  const char *id;
  const char *title; /* N_() */
} HeddleChoice;

typedef struct _HeddleParamSpec HeddleParamSpec;
struct _HeddleParamSpec
{
  const char *name;
  HeddleParamKind kind;
  gsize offset;            /* of the field in the params struct */
  const char *title;       /* N_() */
  const char *help;        /* N_(), a sentence */
  const char *placeholder; /* example shown in an empty editor; N_() or NULL */
  union
  {
    const char *s; /* JSON text for JSON, PAIRS, FIELDS, CASES */
    gint64 i;
    double d;
    gboolean b;
  } def;
  double min, max, step; /* numbers; min < max or no limits */
  const HeddleChoice *choices;
  const char *language; /* TEXT that is code: the parameter that names its programming language; set by HEDDLE_CODE */
  /* "param=value|value", or "param" for any value but none, false and 0: shown (and validated as required) only then. */
  const char *visible_if;
  const char *section;         /* N_(); parameters of one section are folded together; NULL: among the first ones */
  HeddleParamKind item_kind;   /* of NAMES */
  const HeddleParamSpec *more; /* in the last row: the table goes on there, see HEDDLE_MORE_PARAMS */
  guint escape : 4;            /* HeddleEscape for templates */
  guint is_template : 1;
  guint required : 1;
  guint advanced : 1;
  guint is_main : 1;   /* what Enter on the card opens */
  guint is_late : 1;   /* EXPRESSION that the node evaluates when it needs it (heddle_node_run_evaluate), as often as it likes; its field stays NULL */
  guint keep_type : 1; /* TEXT: a template that is exactly one {{ }} keeps its JSON type; set by HEDDLE_VALUE */
};

/* _Generic rejects a member whose C type does not match the parameter kind. */
#define HEDDLE_PARAM_(S, f, K, T, t, ...)                                            \
  {                                                                                  \
    .name = #f, .kind = HEDDLE_PARAM_##K, .title = t,                                \
    .offset = G_STRUCT_OFFSET (S, f) + _Generic(((S *) NULL)->f, T : 0), __VA_ARGS__ \
  }
#define HEDDLE_STRING(S, f, ...) HEDDLE_PARAM_ (S, f, STRING, char *, __VA_ARGS__)
#define HEDDLE_TEXT(S, f, ...) HEDDLE_PARAM_ (S, f, TEXT, char *, __VA_ARGS__)
/* Text like HEDDLE_TEXT, but the field holds a value: one {{ expression }} alone keeps its JSON type. */
#define HEDDLE_VALUE(S, f, ...) HEDDLE_PARAM_ (S, f, TEXT, JsonNode *, __VA_ARGS__, .is_template = TRUE, .keep_type = TRUE)
/* A program, taken as it is; the choice parameter "language" says in what. */
#define HEDDLE_CODE(S, f, ...) HEDDLE_PARAM_ (S, f, TEXT, char *, __VA_ARGS__, .language = "language")
#define HEDDLE_EXPRESSION(S, f, ...) HEDDLE_PARAM_ (S, f, EXPRESSION, JsonNode *, __VA_ARGS__)
#define HEDDLE_MODEL(S, f, ...) HEDDLE_PARAM_ (S, f, MODEL, char *, __VA_ARGS__)
#define HEDDLE_CREDENTIAL(S, f, ...) HEDDLE_PARAM_ (S, f, CREDENTIAL, char *, __VA_ARGS__)
#define HEDDLE_KNOWLEDGE_BASE(S, f, ...) HEDDLE_PARAM_ (S, f, KNOWLEDGE, char *, __VA_ARGS__)
#define HEDDLE_WORKFLOW(S, f, ...) HEDDLE_PARAM_ (S, f, WORKFLOW, char *, __VA_ARGS__)
#define HEDDLE_MCP_SERVER(S, f, ...) HEDDLE_PARAM_ (S, f, MCP_SERVER, char *, __VA_ARGS__)
#define HEDDLE_CHOICE(S, f, ...) HEDDLE_PARAM_ (S, f, CHOICE, char *, __VA_ARGS__)
#define HEDDLE_INT(S, f, ...) HEDDLE_PARAM_ (S, f, INT, gint64, __VA_ARGS__)
#define HEDDLE_DOUBLE(S, f, ...) HEDDLE_PARAM_ (S, f, DOUBLE, double, __VA_ARGS__)
#define HEDDLE_BOOLEAN(S, f, ...) HEDDLE_PARAM_ (S, f, BOOLEAN, gboolean, __VA_ARGS__)
#define HEDDLE_JSON(S, f, ...) HEDDLE_PARAM_ (S, f, JSON, JsonNode *, __VA_ARGS__)
#define HEDDLE_PAIRS(S, f, ...) HEDDLE_PARAM_ (S, f, PAIRS, JsonNode *, __VA_ARGS__)
#define HEDDLE_FIELDS(S, f, ...) HEDDLE_PARAM_ (S, f, FIELDS, JsonNode *, __VA_ARGS__)
#define HEDDLE_CASES(S, f, ...) HEDDLE_PARAM_ (S, f, CASES, JsonNode *, __VA_ARGS__)

#define HEDDLE_NAMES(S, f, ...) HEDDLE_PARAM_ (S, f, NAMES, JsonNode *, __VA_ARGS__)

/*
 * Instead of { NULL } at the end of a table: parameters that several types share, for a struct of type T that is the first
 * member f of the params struct S.
 */
#define HEDDLE_MORE_PARAMS(S, f, T, table)                                                               \
  {                                                                                                      \
    .more = table,                                                                                       \
    .offset = 0 * sizeof (char[G_STRUCT_OFFSET (S, f) == 0 ? 1 : -1]) + _Generic(((S *) NULL)->f, T : 0) \
  }

static inline const HeddleParamSpec *
heddle_param_skip_end (const HeddleParamSpec *row)
{
  while (row != NULL && row->name == NULL)
    row = row->more;
  return row;
}

#define HEDDLE_FOREACH_PARAM(p, type) \
  for (const HeddleParamSpec *p = heddle_param_skip_end ((type)->params); p != NULL; p = heddle_param_skip_end (p + 1))

/* A key of the result object besides "output". */
typedef struct
{
  const char *name;
  const char *title; /* N_() */
  HeddleValueType type;
} HeddleResultKey;

typedef enum
{
  HEDDLE_CATEGORY_START,
  HEDDLE_CATEGORY_MODELS,
  HEDDLE_CATEGORY_LOGIC,
  HEDDLE_CATEGORY_DATA,
  HEDDLE_CATEGORY_FINISH,
  HEDDLE_N_CATEGORIES,
} HeddleCategory;

typedef enum
{
  HEDDLE_EFFECT_PURE,
  HEDDLE_EFFECT_READ,
  HEDDLE_EFFECT_IDEMPOTENT,
  HEDDLE_EFFECT_UNSAFE,
} HeddleEffect;

typedef enum
{
  HEDDLE_NODE_NONE = 0,
  HEDDLE_NODE_START = 1 << 0,  /* begins a run; takes the run's input */
  HEDDLE_NODE_FINISH = 1 << 1, /* its value is the run's output */
  HEDDLE_NODE_FAILS_RUN = 1 << 2,
  HEDDLE_NODE_AGENT = 1 << 3,     /* as a tool it can take over: it reads heddle_node_run_get_transcript () */
  HEDDLE_NODE_HANDLER = 1 << 4,   /* begins when a node failed and nothing took it up */
  HEDDLE_NODE_REPEATS = 1 << 6,   /* a container whose body sees $loop */
  HEDDLE_NODE_CALLS = 1 << 7,     /* what it does to the world is done by what it calls, which says so itself */
  HEDDLE_NODE_CONTAINER = 1 << 5, /* a frame around other nodes, its body, which it runs: a scope */
  HEDDLE_NODE_TRIGGER = 1 << 8,   /* a start that waits for something outside: a request, a time */
} HeddleNodeFlags;

struct _HeddleNodeType
{
  const char *id; /* "if-else" */
  guint version;
  const char *title;     /* N_() */
  const char *summary;   /* N_(), a sentence */
  const char *keywords;  /* N_(), for search; may be NULL */
  const char *icon_name; /* "heddle-…-symbolic" */
  HeddleCategory category;
  HeddleEffect effect;
  HeddleNodeFlags flags;
  const HeddlePortSpec *inputs;        /* {NULL}-terminated */
  const HeddlePortSpec *outputs;       /* {NULL}-terminated */
  const HeddlePortSpec *inner_outputs; /* of a container, within its frame: where the body begins; or NULL */
  const HeddlePortSpec *inner_inputs;  /* same: where it ends */
  const HeddleParamSpec *params;       /* {NULL}-terminated */
  gsize params_size;
  const HeddleResultKey *results;
  const char *main_alias; /* what peers call the main output: "text", "body"; may be NULL */
  /*
   * JSON text {"params":{…},"input":run input,"inputs":{port:value},"sources":{port:{node:value}},"vars":{…},
   * "outputs":{port:value},"error":text}: shown in help; run by the generic tests when it says what comes out.
   */
  const char *example;

  /* Output ports that depend on parameters (Switch); NULL: outputs as above. Array of char*, transfer full. */
  GPtrArray *(*list_outputs) (JsonObject *params);
  /* One line that says what this node will do, shown on the card. NULL or NULL result: empty. Transfer full. */
  char *(*describe) (JsonObject *params);
  /* Checks beyond the specs; appends HeddleProblem* (see heddle-problem.h). May be NULL. */
  void (*check) (JsonObject *params, const char *node_id, GPtrArray *problems);
  /* Join of an input port that depends on parameters (Merge); NULL: as in the port's spec. */
  HeddleJoin (*get_join) (JsonObject *params, const char *port);

  /* Effect for these resolved parameters (an HTTP method); NULL: as above. */
  HeddleEffect (*get_effect) (JsonObject *params);

  /*
   * Runs on the engine thread, must not block, ends by exactly one complete or fail, now or later.
   * params is the loaded struct, owned by the run, valid until then.
   */
  void (*run) (HeddleNodeRun *run, gconstpointer params);

  /*
   * What an agent is told of such a node by default, as JSON text {"description","parameters":JSON Schema}, for
   * models, so in English. Without "parameters": one for each $args.name in its templates, or else one text, "input".
   * NULL: a node of this type cannot be a tool, unless it lists many.
   */
  const char *tool;
  /*
   * A node that is many tools, such as a server of them. Like run, and ends by exactly one heddle_node_run_complete_tools () or
   * fail; asked for once per run of an agent. NULL: the node itself is the tool, called by run.
   */
  void (*list_tools) (HeddleNodeRun *run, gconstpointer params);
};

/* Sorted by category, then as meson lists them. NULL-terminated. */
const HeddleNodeType *const *heddle_registry_list (guint *n_types);
const HeddleNodeType *heddle_registry_lookup (const char *id);   /* NULL when unknown */
const char *heddle_category_get_title (HeddleCategory category); /* translated */
const char *heddle_category_get_id (HeddleCategory category);    /* "start", … for CSS and JSON */

/* Everything the compiler cannot check about a descriptor. */
gboolean heddle_node_type_check (const HeddleNodeType *type, GError **error);
/* {id, version, title, summary, category, ports, params as JSON Schema, results, example}. Sealed. */
JsonNode *heddle_node_type_to_json (const HeddleNodeType *type) G_GNUC_WARN_UNUSED_RESULT;
const HeddlePortSpec *heddle_node_type_find_input (const HeddleNodeType *type, const char *port);
/* A container's ports within its frame; NULL when the type has none of this name. They are named differently from the outer ones. */
const HeddlePortSpec *heddle_node_type_find_inner_output (const HeddleNodeType *type, const char *port);
const HeddlePortSpec *heddle_node_type_find_inner_input (const HeddleNodeType *type, const char *port);
/* Names of output ports for these params; owned array of char*. */
GPtrArray *heddle_node_type_list_outputs (const HeddleNodeType *type, JsonObject *params) G_GNUC_WARN_UNUSED_RESULT;
/* Translated title of an output port (fixed, dynamic or within a frame). Transfer full. */
char *heddle_node_type_dup_output_title (const HeddleNodeType *type, const char *port) G_GNUC_WARN_UNUSED_RESULT;

const HeddleParamSpec *heddle_node_type_find_param (const HeddleNodeType *type, const char *name);
/* Default of one parameter as a sealed node; NULL when it has none. */
JsonNode *heddle_param_dup_default (const HeddleParamSpec *spec) G_GNUC_WARN_UNUSED_RESULT;
/* The value in params or the default; NULL when neither. New reference. */
JsonNode *heddle_params_dup_value (const HeddleNodeType *type, JsonObject *params, const char *name) G_GNUC_WARN_UNUSED_RESULT;
/* Stored texts and numbers for describe() and its like, which see params before any check. Borrowed. */
const char *heddle_params_get_string (JsonObject *params, const char *name, const char *fallback);
double heddle_params_get_double (JsonObject *params, const char *name, double fallback);
/* Whether visible_if holds for these params. */
gboolean heddle_param_is_visible (const HeddleNodeType *type, const HeddleParamSpec *spec, JsonObject *params);
/* Static check of one stored value (form and range; templates and expressions must compile). */
gboolean heddle_param_check_value (const HeddleParamSpec *spec, JsonNode *value, GError **error);
/* All that the table says about these params: unknown names, values, missing required ones, then the type's own check. Appends HeddleProblem*. */
void heddle_params_check (const HeddleNodeType *type, JsonObject *params, const char *node_id, GPtrArray *problems);
/* Compiles an expression parameter; people and other programs like to put it into {{ }}, which is accepted. */
HeddleExpr *heddle_param_compile_expression (const char *source, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a string in this parameter's value is a template (also the strings inside JSON, PAIRS, CASES). */
gboolean heddle_param_has_templates (const HeddleParamSpec *spec);
/* Stable word for the kind, such as "expression". */
const char *heddle_param_kind_to_string (HeddleParamKind kind);
/* Stable word for the type, such as "text". */
const char *heddle_value_type_to_string (HeddleValueType type);
JsonNode *heddle_params_to_schema (const HeddleNodeType *type) G_GNUC_WARN_UNUSED_RESULT;
/* Fills a params struct from resolved values (defaults applied). NULL with error when a value does not fit. */
gpointer heddle_params_load (const HeddleNodeType *type, JsonObject *values, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void heddle_params_free (const HeddleNodeType *type, gpointer params);
/* JSON Schema of the whole workflow format, made from all types (heddle schema). */
JsonNode *heddle_registry_to_schema (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
