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
  GHashTable *drafts;  /* heddle-param-text.c: JSON that is not complete yet; or NULL */
} HeddleParamContext;

struct _HeddleParamEditor
{
  const HeddleParamSpec *spec;
  const HeddleParamContext *context;
  GtkWidget *row;     /* goes into the list box */
  GtkWidget *focus;   /* takes the focus */
  GtkWidget *field;   /* a HeddleExpressionField, or NULL */
  GtkWidget *head;    /* the line with the title; makers may append a control */
  GtkWidget *reset;   /* shown while the value is not the default */
  GtkWidget *mixed;   /* says that several nodes have different values */
  GtkWidget *problem; /* a line below the editor */
  gboolean updating;  /* the row is being filled, not edited */
  gboolean is_empty;  /* a number that has no value, as several nodes have different ones */

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
/* Whether it is another value than the default, to which a button goes back. */
void heddle_param_editor_set_changed (HeddleParamEditor *self, gboolean is_changed);
/* Whether it stands for several nodes with different values; what is typed becomes the value of all. */
void heddle_param_editor_set_mixed (HeddleParamEditor *self, gboolean is_mixed);
/* The values may have changed that expressions are previewed with. */
void heddle_param_editor_refresh (HeddleParamEditor *self);
/* Whether its title, help or value contains words; needle: casefolded. */
gboolean heddle_param_editor_matches (HeddleParamEditor *self, const char *needle, JsonNode *value);
/* Shows what the parameter is for. */
void heddle_param_editor_explain (HeddleParamEditor *self);
/* A problem with this parameter, or NULL. */
void heddle_param_editor_set_problem (HeddleParamEditor *self, const char *message);

/* A copy of an object that a table describes, with one value in it; NULL or the default: without it. */
JsonObject *heddle_param_object_with (JsonObject *object, const HeddleParamSpec *spec, JsonNode *value) G_GNUC_WARN_UNUSED_RESULT;

/* For makers: the row, with a title, help, what else belongs to every parameter, and a control below; NULL: they append one to the head. */
void heddle_param_make_row (HeddleParamEditor *self, GtkWidget *control);

void heddle_param_make_entry (HeddleParamEditor *self);
void heddle_param_make_text (HeddleParamEditor *self);
/* A table for what is typed and no JSON yet, so that it is there again when its node is. */
GHashTable *heddle_param_drafts_new (void) G_GNUC_WARN_UNUSED_RESULT;
void heddle_param_make_reference (HeddleParamEditor *self); /* model, credential, knowledge base: an entry with a list */
/* A button with a list of what a kind can name; what is chosen goes into target, which owns the button. */
GtkWidget *heddle_param_choose_button_new (const HeddleParamContext *context, HeddleParamKind kind, GtkEditable *target);
void heddle_param_make_choice (HeddleParamEditor *self);
void heddle_param_make_number (HeddleParamEditor *self);
/* "1 to 100"; NULL: it is no number, or any. */
char *heddle_param_dup_range (const HeddleParamSpec *spec) G_GNUC_WARN_UNUSED_RESULT;
void heddle_param_make_switch (HeddleParamEditor *self);
void heddle_param_make_list (HeddleParamEditor *self); /* pairs, fields, cases, names */

G_END_DECLS
