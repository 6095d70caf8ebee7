/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-node-header.h"

#include "common/heddle-widgets.h"
#include "palette/heddle-palette.h"

#include <glib/gi18n-lib.h>

struct _HeddleNodeHeader
{
  AdwBin parent_instance;

  AdwBin *icon_bin;
  GtkLabel *type_title;
  GtkLabel *summary;
  GtkLabel *state;
  GtkWidget *names;
  GtkEditable *title_row;
  GtkEditable *id_row;
  GtkWidget *modes;
  GtkToggleButton *on_button;
  GtkToggleButton *off_button;
  GtkToggleButton *bypass_button;

  const HeddleParamContext *context;
  char **ids;
  gboolean updating; /* the rows are being filled, not edited */
};

enum
{
  RENAMED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleNodeHeader, heddle_node_header, ADW_TYPE_BIN)

static const HeddleNode *
find_node (HeddleNodeHeader *self,
           guint index)
{
  return heddle_graph_find_node (heddle_document_get_graph (self->context->document), self->ids[index]);
}

static gboolean
is_several (HeddleNodeHeader *self)
{
  return self->ids[1] != NULL;
}

static void
title_changed_cb (HeddleNodeHeader *self)
{
  const char *title = gtk_editable_get_text (self->title_row);

  if (!self->updating && self->ids != NULL)
    heddle_document_set_title (self->context->document, self->ids[0], title[0] != '\0' ? title : NULL);
}

static void
id_applied_cb (HeddleNodeHeader *self)
{
  g_autofree char *old_id = g_strdup (self->ids[0]);
  g_autofree char *new_id = g_strdup (gtk_editable_get_text (self->id_row));
  g_autoptr (GError) error = NULL;

  if (find_node (self, 0) == NULL || g_strcmp0 (new_id, old_id) == 0)
    return;
  if (heddle_document_rename (self->context->document, old_id, new_id, &error))
    {
      g_signal_emit (self, signals[RENAMED], 0, new_id);
      return;
    }
  g_signal_emit (self, signals[FAILED], 0, error->message);
  heddle_editable_set_text (self->id_row, old_id);
}

static GtkToggleButton *
button_of (HeddleNodeHeader *self,
           HeddleNodeMode mode)
{
  switch (mode)
    {
    case HEDDLE_NODE_OFF:
      return self->off_button;
    case HEDDLE_NODE_BYPASS:
      return self->bypass_button;
    case HEDDLE_NODE_ON:
    default:
      return self->on_button;
    }
}

static void
mode_toggled_cb (HeddleNodeHeader *self,
                 GtkToggleButton *button)
{
  HeddleNodeMode mode = HEDDLE_NODE_ON;

  if (self->updating || self->ids == NULL || !gtk_toggle_button_get_active (button))
    return;
  if (button == self->off_button)
    mode = HEDDLE_NODE_OFF;
  else if (button == self->bypass_button)
    mode = HEDDLE_NODE_BYPASS;
  heddle_document_set_mode (self->context->document, (const char *const *) self->ids, mode);
}

/* Of nodes that differ none is pressed. */
static void
update_modes (HeddleNodeHeader *self)
{
  HeddleNodeMode mode = find_node (self, 0)->mode;
  gboolean is_mixed = FALSE;

  for (guint i = 1; self->ids[i] != NULL; i++)
    {
      const HeddleNode *node = find_node (self, i);

      is_mixed = is_mixed || (node != NULL && node->mode != mode);
    }
  gtk_toggle_button_set_active (self->on_button, FALSE);
  gtk_toggle_button_set_active (self->off_button, FALSE);
  gtk_toggle_button_set_active (self->bypass_button, FALSE);
  if (!is_mixed)
    gtk_toggle_button_set_active (button_of (self, mode), TRUE);
}

/* "Done in 1.2 s", of the run that is shown. */
static void
update_state (HeddleNodeHeader *self)
{
  HeddleSpan *span = self->context->trace != NULL && !is_several (self) ? heddle_trace_find_node (self->context->trace, self->ids[0]) : NULL;
  g_autofree char *duration = NULL;
  g_autofree char *text = NULL;
  const GError *error;

  gtk_widget_set_visible (GTK_WIDGET (self->state), span != NULL);
  if (span == NULL)
    return;
  error = heddle_span_get_error (span);
  duration = heddle_span_get_end (span) >= 0 ? heddle_format_span_duration (span, 0) : NULL;
  text = g_strjoin (duration != NULL ? " · " : "", heddle_span_state_get_title (heddle_span_get_state (span)), duration != NULL ? duration : "", NULL);
  gtk_label_set_label (self->state, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->state), error != NULL ? error->message : _ ("In the run that is shown"));
  if (error != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->state), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->state), "error");
}

static void
show_one (HeddleNodeHeader *self,
          const HeddleNode *node)
{
  gtk_label_set_label (self->type_title, node->type != NULL ? _ (node->type->title) : node->type_id);
  gtk_label_set_label (self->summary, node->type != NULL ? _ (node->type->summary)
                                                         : _ ("This version of Heddle does not know this type. The node is kept as it is."));
  heddle_editable_set_text (self->title_row, node->title);
  heddle_editable_set_text (self->id_row, node->id);
}

static void
show_several (HeddleNodeHeader *self)
{
  guint n = g_strv_length (self->ids);
  g_autofree char *text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u node", "%u nodes", n), n);

  gtk_label_set_label (self->type_title, text);
  gtk_label_set_label (self->summary, _ ("What is changed here is changed in all of them."));
}

void
heddle_node_header_update (HeddleNodeHeader *self)
{
  const HeddleNode *node;

  g_return_if_fail (HEDDLE_IS_NODE_HEADER (self));

  node = self->ids != NULL ? find_node (self, 0) : NULL;
  if (node == NULL)
    return;
  self->updating = TRUE;
  gtk_widget_set_visible (self->names, !is_several (self));
  if (is_several (self))
    show_several (self);
  else
    show_one (self, node);
  update_modes (self);
  update_state (self);
  self->updating = FALSE;
}

void
heddle_node_header_set_nodes (HeddleNodeHeader *self,
                              const HeddleParamContext *context,
                              const char *const *ids)
{
  const HeddleNode *node;

  g_return_if_fail (HEDDLE_IS_NODE_HEADER (self));

  g_strfreev (self->ids);
  self->ids = g_strdupv ((char **) ids);
  self->context = context;
  node = ids != NULL ? find_node (self, 0) : NULL;
  if (node == NULL)
    return;
  gtk_widget_set_visible (GTK_WIDGET (self->icon_bin), !is_several (self));
  adw_bin_set_child (self->icon_bin, is_several (self) ? NULL : heddle_palette_icon_new (node->type));
  heddle_node_header_update (self);
}

static void
heddle_node_header_finalize (GObject *object)
{
  g_strfreev (HEDDLE_NODE_HEADER (object)->ids);
  G_OBJECT_CLASS (heddle_node_header_parent_class)->finalize (object);
}

static void
heddle_node_header_class_init (HeddleNodeHeaderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = heddle_node_header_finalize;
  signals[RENAMED] = g_signal_new ("renamed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/inspector/heddle-node-header.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleNodeHeader, icon_bin);
  gtk_widget_class_bind_template_child (widget_class, HeddleNodeHeader, type_title);
  gtk_widget_class_bind_template_child (widget_class, HeddleNodeHeader, summary);
  gtk_widget_class_bind_template_child (widget_class, HeddleNodeHeader, state);
  gtk_widget_class_bind_template_child (widget_class, HeddleNodeHeader, names);
  gtk_widget_class_bind_template_child (widget_class, HeddleNodeHeader, title_row);
  gtk_widget_class_bind_template_child (widget_class, HeddleNodeHeader, id_row);
  gtk_widget_class_bind_template_child (widget_class, HeddleNodeHeader, modes);
  gtk_widget_class_bind_template_child (widget_class, HeddleNodeHeader, on_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleNodeHeader, off_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleNodeHeader, bypass_button);
  gtk_widget_class_bind_template_callback (widget_class, title_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, id_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, mode_toggled_cb);
}

static void
heddle_node_header_init (HeddleNodeHeader *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
