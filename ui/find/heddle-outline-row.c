/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/heddle-outline-row.h"

#include "common/heddle-widgets.h"
#include "palette/heddle-palette.h"
#include "trace/heddle-span-look.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _HeddleOutlineRow
{
  GtkWidget parent_instance;

  GtkWidget *icon_bin;
  GtkWidget *title;
  GtkWidget *caption;
  GtkWidget *state;
  GtkWidget *problem;
  char *label;
};

G_DEFINE_FINAL_TYPE (HeddleOutlineRow, heddle_outline_row, GTK_TYPE_WIDGET)

static const char *const state_classes[] = { "success", "error", "warning", "accent", "dim-label" };

static void
take_icon (HeddleOutlineRow *self,
           GtkWidget *icon)
{
  adw_bin_set_child (ADW_BIN (self->icon_bin), icon);
}

static void
show_state (HeddleOutlineRow *self,
            HeddleSpan *span)
{
  gtk_widget_set_visible (self->state, span != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (state_classes); i++)
    gtk_widget_remove_css_class (self->state, state_classes[i]);
  if (span == NULL)
    return;
  gtk_image_set_from_icon_name (GTK_IMAGE (self->state), heddle_span_state_get_icon (heddle_span_get_state (span)));
  gtk_widget_add_css_class (self->state, heddle_span_state_get_class (heddle_span_get_state (span)));
  gtk_widget_set_tooltip_text (self->state, heddle_span_state_get_title (heddle_span_get_state (span)));
}

static void
show_problem (HeddleOutlineRow *self,
              const char *problem)
{
  gtk_widget_set_visible (self->problem, problem != NULL);
  gtk_widget_set_tooltip_text (self->problem, problem);
}

static void
show_texts (HeddleOutlineRow *self,
            const char *title,
            const char *caption)
{
  gtk_label_set_label (GTK_LABEL (self->title), title);
  gtk_label_set_label (GTK_LABEL (self->caption), caption);
  gtk_widget_set_visible (self->caption, *caption != '\0');
}

static void
append_part (GString *text,
             const char *part)
{
  if (part != NULL && *part != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", part);
}

static const char *
mode_get_title (HeddleNodeMode mode)
{
  if (mode == HEDDLE_NODE_OFF)
    return _ ("Disabled");
  return mode == HEDDLE_NODE_BYPASS ? _ ("Bypassed") : NULL;
}

/* The type, unless the title says it already; how it stands in the run, and what is set apart about it. */
static char *
make_caption (const HeddleNode *node,
              HeddleSpan *span)
{
  g_autoptr (GString) caption = g_string_new (NULL);
  const char *type = node->type != NULL ? _ (node->type->title) : node->type_id;

  if (strcmp (type, heddle_node_get_title (node)) != 0)
    append_part (caption, type);
  append_part (caption, mode_get_title (node->mode));
  append_part (caption, node->pin != NULL ? _ ("Pinned") : NULL);
  if (span != NULL)
    append_part (caption, heddle_span_state_get_title (heddle_span_get_state (span)));
  return g_string_free (g_steal_pointer (&caption), FALSE);
}

static HeddleSpan *
find_span (HeddleTrace *trace,
           const char *id)
{
  HeddleSpan *span = trace != NULL ? heddle_trace_find_node (trace, id) : NULL;
  guint n_calls;

  if (span == NULL && trace != NULL)
    span = heddle_trace_find_call (trace, id, &n_calls);
  return span;
}

static void
show_node (HeddleOutlineRow *self,
           const HeddleNode *node,
           const HeddleOutlineLook *look)
{
  HeddleSpan *span = find_span (look->trace, node->id);
  const char *problem = look->problems != NULL ? g_hash_table_lookup (look->problems, node->id) : NULL;
  g_autofree char *caption = make_caption (node, span);

  take_icon (self, heddle_palette_icon_new (node->type));
  show_texts (self, heddle_node_get_title (node), caption);
  show_state (self, span);
  show_problem (self, problem);
  if (node->mode != HEDDLE_NODE_ON)
    gtk_widget_add_css_class (self->title, "dim-label");
  self->label = g_strjoin (", ", heddle_node_get_title (node), *caption != '\0' ? caption : problem, *caption != '\0' ? problem : NULL, NULL);
}

static const char *
find_port_title (const HeddlePortSpec *ports,
                 const char *name)
{
  for (; ports != NULL && ports->name != NULL; ports++)
    if (strcmp (ports->name, name) == 0)
      return _ (ports->title);
  return NULL;
}

/* Ports that come of parameters have their name only. */
static const char *
get_port_title (const HeddleNode *node,
                gboolean output,
                const char *name)
{
  const char *title = NULL;

  if (node == NULL || node->type == NULL)
    return name;
  title = find_port_title (output ? node->type->outputs : node->type->inputs, name);
  if (title == NULL)
    title = find_port_title (output ? node->type->inner_outputs : node->type->inner_inputs, name);
  return title != NULL ? title : name;
}

static void
show_connection (HeddleOutlineRow *self,
                 HeddleOutlineItem *item,
                 const HeddleOutlineLook *look)
{
  const HeddleNode *from = heddle_graph_find_node (look->graph, heddle_outline_item_get_id (item));
  const HeddleNode *to = heddle_graph_find_node (look->graph, heddle_outline_item_get_to (item));
  const char *title = to != NULL ? heddle_node_get_title (to) : heddle_outline_item_get_to (item);
  const char *from_port = get_port_title (from, TRUE, heddle_outline_item_get_from_port (item));
  const char *to_port = get_port_title (to, FALSE, heddle_outline_item_get_to_port (item));
  g_autofree char *caption = g_strdup_printf ("%s → %s", from_port, to_port);
  GtkWidget *icon = gtk_image_new_from_icon_name ("go-next-symbolic");

  gtk_widget_add_css_class (icon, "dim-label");
  take_icon (self, icon);
  show_texts (self, title, caption);
  show_state (self, NULL);
  show_problem (self, NULL);
  /* TRANSLATORS: a connection: title of the node it leads to, port it comes from, port it leads to. */
  self->label = g_strdup_printf (_ ("Connection to %s, from %s to %s"), title, from_port, to_port);
}

static void
show_annotation (HeddleOutlineRow *self,
                 HeddleOutlineItem *item,
                 const HeddleAnnotation *annotation)
{
  gboolean is_note = heddle_outline_item_get_kind (item) == HEDDLE_OUTLINE_NOTE;
  const char *kind = is_note ? _ ("Note") : _ ("Group");
  g_autofree char *title = g_strdelimit (g_strstrip (g_strdup (annotation->text != NULL ? annotation->text : "")), "\r\n", ' ');
  GtkWidget *icon = gtk_image_new_from_icon_name (is_note ? "heddle-note-symbolic" : "heddle-frame-symbolic");

  gtk_widget_add_css_class (icon, "dim-label");
  take_icon (self, icon);
  show_texts (self, *title != '\0' ? title : kind, *title != '\0' ? kind : "");
  show_state (self, NULL);
  show_problem (self, NULL);
  self->label = g_strjoin (", ", kind, *title != '\0' ? title : NULL, NULL);
}

void
heddle_outline_row_show (HeddleOutlineRow *self,
                         HeddleOutlineItem *item,
                         const HeddleOutlineLook *look)
{
  const char *id = item != NULL ? heddle_outline_item_get_id (item) : NULL;
  const HeddleNode *node = id != NULL ? heddle_graph_find_node (look->graph, id) : NULL;
  const HeddleAnnotation *annotation = id != NULL ? heddle_graph_find_annotation (look->graph, id) : NULL;

  g_return_if_fail (HEDDLE_IS_OUTLINE_ROW (self));

  g_clear_pointer (&self->label, g_free);
  gtk_widget_remove_css_class (self->title, "dim-label");
  if (item == NULL)
    return;
  if (heddle_outline_item_get_kind (item) == HEDDLE_OUTLINE_CONNECTION)
    show_connection (self, item, look);
  else if (heddle_outline_item_get_kind (item) == HEDDLE_OUTLINE_NODE && node != NULL)
    show_node (self, node, look);
  else if (annotation != NULL)
    show_annotation (self, item, annotation);
}

const char *
heddle_outline_row_get_label (HeddleOutlineRow *self)
{
  g_return_val_if_fail (HEDDLE_IS_OUTLINE_ROW (self), NULL);

  return self->label;
}

GtkWidget *
heddle_outline_row_new (void)
{
  return g_object_new (HEDDLE_TYPE_OUTLINE_ROW, NULL);
}

static void
heddle_outline_row_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (heddle_outline_row_parent_class)->dispose (object);
}

static void
heddle_outline_row_finalize (GObject *object)
{
  g_free (HEDDLE_OUTLINE_ROW (object)->label);
  G_OBJECT_CLASS (heddle_outline_row_parent_class)->finalize (object);
}

static void
heddle_outline_row_class_init (HeddleOutlineRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_outline_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = heddle_outline_row_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/find/heddle-outline-row.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleOutlineRow, icon_bin);
  gtk_widget_class_bind_template_child (widget_class, HeddleOutlineRow, title);
  gtk_widget_class_bind_template_child (widget_class, HeddleOutlineRow, caption);
  gtk_widget_class_bind_template_child (widget_class, HeddleOutlineRow, state);
  gtk_widget_class_bind_template_child (widget_class, HeddleOutlineRow, problem);
}

static void
heddle_outline_row_init (HeddleOutlineRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
