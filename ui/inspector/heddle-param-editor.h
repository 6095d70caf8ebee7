/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "heddle-engine.h"

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * One parameter's row in the inspector. Makers by kind are in heddle-param-*.c; the table in
 * heddle-param-editor.c is the only place that knows which kind has which.
 */
typedef struct _HeddleParamEditor HeddleParamEditor;

/* What editors may ask for; borrowed, outlives them. */
typedef struct
{
  const HeddleServices *services;
  HeddleDocument *document;
  const char *node_id;
  HeddleTrace *trace;  /* or NULL */
  GHashTable *globals; /* char* → JsonNode*, stored variables */
} HeddleParamContext;

struct _HeddleParamEditor
{
  const HeddleParamSpec *spec;
  const HeddleParamContext *context;
  GtkWidget *row;     /* goes into the list box */
  GtkWidget *focus;   /* takes the focus */
  GtkLabel *preview;  /* the value in the shown run; NULL for kinds that have nothing to evaluate */
  GtkWidget *problem; /* a line below the editor, or a sign at the end of a row with one line */
  gboolean updating;  /* the row is being filled, not edited */

  /* Shows a value; NULL: empty. */
  void (*set_value) (HeddleParamEditor *self, JsonNode *value);

  /* Called with the new value (borrowed) when the person edits. */
  void (*changed) (HeddleParamEditor *self, JsonNode *value, gpointer user_data);
  gpointer user_data;
};

/* Owned by its row, which the caller puts into a list. */
HeddleParamEditor *heddle_param_editor_new (const HeddleParamSpec *spec, const HeddleParamContext *context) G_GNUC_WARN_UNUSED_RESULT;
void heddle_param_editor_set_value (HeddleParamEditor *self, JsonNode *value);
/* For makers: tells of an edit, consumes value. */
void heddle_param_editor_emit (HeddleParamEditor *self, JsonNode *value);
/* What it was in the shown run; NULL: not known. */
void heddle_param_editor_set_preview (HeddleParamEditor *self, JsonNode *value);
/* A problem with this parameter, or NULL. */
void heddle_param_editor_set_problem (HeddleParamEditor *self, const char *message);

/* A copy of an object that a table describes, with one value in it; NULL or the default: without it. */
JsonObject *heddle_param_object_with (JsonObject *object, const HeddleParamSpec *spec, JsonNode *value) G_GNUC_WARN_UNUSED_RESULT;

void heddle_param_make_entry (HeddleParamEditor *self);
void heddle_param_make_text (HeddleParamEditor *self);
void heddle_param_make_reference (HeddleParamEditor *self); /* model, credential, knowledge base: an entry with a list */
/* A button with a list of what a kind can name; what is chosen goes into target, which owns the button. */
GtkWidget *heddle_param_choose_button_new (const HeddleParamContext *context, HeddleParamKind kind, GtkEditable *target);
void heddle_param_make_choice (HeddleParamEditor *self);
void heddle_param_make_number (HeddleParamEditor *self);
void heddle_param_make_switch (HeddleParamEditor *self);
void heddle_param_make_list (HeddleParamEditor *self); /* pairs, fields, cases, names */

G_END_DECLS
