/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "foreign/heddle-foreign.h"

G_BEGIN_DECLS

/* A workflow in the making, while another tool's is read. Names become ids first, so that references can be rewritten. */
typedef struct _HeddleForeignBuilder HeddleForeignBuilder;

typedef struct
{
  char *id;
  char *type;
  char *title;
  JsonObject *params;
  JsonObject *policy; /* or NULL */
  JsonObject *tool;   /* or NULL */
  const char *parent; /* the id of the container it is in, or NULL */
  double x, y;
  double width, height; /* of a container; 0 for others */
  gboolean is_off;
  gboolean is_placeholder;
} HeddleForeignNode;

HeddleForeignBuilder *heddle_foreign_builder_new (const char *tool, const char *name) G_GNUC_WARN_UNUSED_RESULT;
void heddle_foreign_builder_free (HeddleForeignBuilder *self);

/* With a free id made from its title. Borrowed. */
HeddleForeignNode *heddle_foreign_builder_add (HeddleForeignBuilder *self, const char *type, const char *title, double x, double y);
/* Ports NULL: the default ones. Twice the same is once. */
void heddle_foreign_builder_connect (HeddleForeignBuilder *self, const HeddleForeignNode *from, const char *from_port, const HeddleForeignNode *to, const char *to_port);
void heddle_foreign_builder_add_note (HeddleForeignBuilder *self, const char *text, double x, double y, double width, double height);
/* A sentence for the report; takes it. Twice the same is once. */
void heddle_foreign_builder_say (HeddleForeignBuilder *self, char *sentence);
/* An Output after all that lead nowhere, if there is none yet. */
void heddle_foreign_builder_add_output (HeddleForeignBuilder *self);

/* Takes value, which may be NULL or JSON null: not set. */
void heddle_foreign_node_set (HeddleForeignNode *node, const char *param, JsonNode *value);
void heddle_foreign_node_set_text (HeddleForeignNode *node, const char *param, const char *text);

HeddleForeignWorkflow *heddle_foreign_builder_finish (HeddleForeignBuilder *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeddleForeignBuilder, heddle_foreign_builder_free)

G_END_DECLS
