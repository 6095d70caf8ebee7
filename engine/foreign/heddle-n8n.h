/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "foreign/heddle-foreign-builder.h"

G_BEGIN_DECLS

/* Workflows of n8n, whole files or what it puts on the clipboard. Names of nodes are what its expressions and connections go by. */

gboolean heddle_n8n_is_workflow (JsonNode *root);
HeddleForeignWorkflow *heddle_n8n_convert (JsonNode *root) G_GNUC_WARN_UNUSED_RESULT;

typedef struct _HeddleN8nEntry HeddleN8nEntry;

typedef struct
{
  HeddleForeignBuilder *builder;
  GPtrArray *entries;  /* HeddleN8nEntry* */
  GHashTable *by_name; /* borrowed name → entry */
} HeddleN8n;

/* Fills the parameters of the entry's node. */
typedef void (*HeddleN8nFillFunc) (HeddleN8n *self, HeddleN8nEntry *entry);

typedef struct
{
  const char *type; /* without the package; a trailing "*" stands for any letters */
  const char *ours;
  HeddleN8nFillFunc fill;     /* NULL: no parameter needs to be said */
  const char *const *outputs; /* ports in the order of n8n's; NULL: the default one */
} HeddleN8nKind;

struct _HeddleN8nEntry
{
  JsonNode *json;
  JsonNode *params;
  const char *name;
  const char *type;          /* without the package */
  const HeddleN8nKind *kind; /* NULL: not known */
  HeddleForeignNode *node;   /* NULL: it is a part of another node, or a note */
  HeddleForeignNode *end;    /* where its edges begin: the node, or the last one it became */
  GPtrArray *before;         /* borrowed entries that lead to it */
  GPtrArray *after;          /* borrowed entries that it leads to */
  GPtrArray *rounds;         /* of those, the ones at its second output, where a loop has its rounds */
  GPtrArray *parts;          /* borrowed entries that are attached to it: models, memories, … */
  GPtrArray *outputs;        /* char*: ports, where they are not those of the kind; or NULL */
};

/* heddle-n8n-nodes.c */
const HeddleN8nKind *heddle_n8n_find_kind (const char *type);
/* Parts are not nodes of their own here: models, memories, parsers, embeddings. */
gboolean heddle_n8n_is_part (const char *port);
gboolean heddle_n8n_is_model (const HeddleN8nEntry *entry);

/* A parameter of the entry's node by what the other's says; nothing when value is NULL, or no number. */
void heddle_n8n_set_text (HeddleN8n *self, HeddleN8nEntry *entry, const char *param, JsonNode *value);
void heddle_n8n_copy_number (HeddleN8nEntry *entry, const char *param, JsonNode *options, const char *option);
/* Of a Switch, for a value that is the port's name. */
JsonNode *heddle_n8n_make_case (const char *name) G_GNUC_WARN_UNUSED_RESULT;

/* heddle-n8n-models.c */
void heddle_n8n_fill_chain (HeddleN8n *self, HeddleN8nEntry *entry);
void heddle_n8n_fill_openai (HeddleN8n *self, HeddleN8nEntry *entry);
void heddle_n8n_fill_agent (HeddleN8n *self, HeddleN8nEntry *entry);
/* A model that names the category, and a switch that takes its way. */
void heddle_n8n_fill_classifier (HeddleN8n *self, HeddleN8nEntry *entry);

/* heddle-n8n-text.c */
/* The value of a parameter with its references rewritten; texts become templates. Transfer full; NULL for NULL. */
JsonNode *heddle_n8n_dup_value (HeddleN8n *self, const HeddleN8nEntry *entry, JsonNode *value) G_GNUC_WARN_UNUSED_RESULT;
/* The same as text, "" for what is none. */
char *heddle_n8n_dup_text (HeddleN8n *self, const HeddleN8nEntry *entry, JsonNode *value) G_GNUC_WARN_UNUSED_RESULT;
/* The same as an expression. */
char *heddle_n8n_dup_expression (HeddleN8n *self, const HeddleN8nEntry *entry, JsonNode *value) G_GNUC_WARN_UNUSED_RESULT;

/* heddle-n8n-conditions.c */
/* Of an If, or of a rule of a Switch, as one expression; NULL when there is none. */
char *heddle_n8n_dup_condition (HeddleN8n *self, const HeddleN8nEntry *entry, JsonNode *conditions) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
