/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-edge-page.h"

#include "common/heddle-value-text.h"
#include "common/heddle-widgets.h"
#include "trace/heddle-value-view.h"

#include <glib/gi18n-lib.h>

struct _HeddleEdgePage
{
  AdwBin parent_instance;

  GtkListBox *ends;
  GtkLabel *state;
  GtkLabel *kind;
  HeddleValueView *value;

  const HeddleParamContext *context;
  char *from, *from_port; /* NULL: none */
  char *to, *to_port;
};

enum
{
  NODE_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleEdgePage, heddle_edge_page, ADW_TYPE_BIN)

static HeddleGraph *
get_graph (HeddleEdgePage *self)
{
  return heddle_document_get_graph (self->context->document);
}

static HeddleSpan *
find_span (HeddleEdgePage *self,
           const char *node)
{
  return self->context->trace != NULL ? heddle_trace_find_node (self->context->trace, node) : NULL;
}

/* What arrived, where nothing else arrives at that port; borrowed or NULL. */
static JsonNode *
find_arrived (HeddleEdgePage *self)
{
  HeddleSpan *span = find_span (self, self->to);
  GPtrArray *edges = heddle_graph_get_in_edges (get_graph (self), self->to);
  guint n = 0;

  for (guint i = 0; i < edges->len; i++)
    n += g_str_equal (((const HeddleEdge *) g_ptr_array_index (edges, i))->to_port, self->to_port);
  return span != NULL && n == 1 ? heddle_json_member (heddle_span_get_attribute (span, "inputs"), self->to_port) : NULL;
}

/* What was given; borrowed or NULL. */
static JsonNode *
find_given (HeddleEdgePage *self)
{
  HeddleSpan *span = find_span (self, self->from);

  return span != NULL ? heddle_json_member (heddle_span_get_attribute (span, "result"), g_str_equal (self->from_port, HEDDLE_ERROR_PORT) ? "error" : "output") : NULL;
}

static const char *
describe_state (HeddleEdgePage *self,
                HeddleEdgeState state)
{
  if (self->context->trace == NULL)
    return _ ("Run the workflow to see what passes here.");
  switch (state)
    {
    case HEDDLE_EDGE_LIVE:
      return _ ("In the run that is shown, this passed:");
    case HEDDLE_EDGE_DEAD:
      return _ ("In the run that is shown, nothing passed here: the run took another way.");
    case HEDDLE_EDGE_PENDING:
    default:
      return _ ("In the run that is shown, nothing has passed here.");
    }
}

/* Of what leads from a frame into its body the trace knows only what arrived. */
static HeddleEdgeState
find_state (HeddleEdgePage *self,
            JsonNode *arrived)
{
  if (arrived != NULL)
    return HEDDLE_EDGE_LIVE;
  return self->context->trace != NULL ? heddle_trace_get_edge_state (self->context->trace, self->from, self->from_port) : HEDDLE_EDGE_PENDING;
}

static HeddleValueOrigin *
make_origin (HeddleEdgePage *self,
             gboolean is_arrived)
{
  HeddleSpan *span = find_span (self, is_arrived ? self->to : self->from);
  const char *scope = span != NULL ? heddle_span_get_scope (span) : NULL;

  if (is_arrived)
    return heddle_value_origin_new (HEDDLE_ORIGIN_INPUT, self->to, self->to_port, scope, "");
  return heddle_value_origin_new (HEDDLE_ORIGIN_RESULT, self->from, NULL, scope, g_str_equal (self->from_port, HEDDLE_ERROR_PORT) ? ".error" : ".output");
}

static void
show_value (HeddleEdgePage *self)
{
  JsonNode *arrived = find_arrived (self);
  HeddleEdgeState state = find_state (self, arrived);
  JsonNode *value = arrived != NULL || state != HEDDLE_EDGE_LIVE ? arrived : find_given (self);
  g_autoptr (HeddleValueOrigin) origin = value != NULL ? make_origin (self, arrived != NULL) : NULL;
  g_autofree char *kind = value != NULL ? heddle_value_describe (value) : NULL;

  gtk_label_set_label (self->state, describe_state (self, state));
  gtk_label_set_label (self->kind, kind != NULL ? kind : "");
  gtk_widget_set_visible (GTK_WIDGET (self->kind), kind != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->value), value != NULL);
  heddle_value_view_set_origin (self->value, origin);
  if (value != NULL)
    heddle_value_view_set_value (self->value, value);
}

static void
add_end (HeddleEdgePage *self,
         const char *id,
         const char *port,
         gboolean is_target)
{
  const HeddleNode *node = heddle_graph_find_node (get_graph (self), id);
  const HeddlePortSpec *input = is_target && node != NULL && node->type != NULL ? heddle_node_type_find_input (node->type, port) : NULL;
  g_autofree char *output = !is_target && node != NULL && node->type != NULL ? heddle_node_type_dup_output_title (node->type, port) : NULL;
  g_autofree char *text = g_strdup_printf (is_target ? _ ("To: %s") : _ ("From: %s"), input != NULL ? _ (input->title) : (output != NULL ? output : port));
  GtkWidget *row = heddle_plain_row_new (node != NULL ? heddle_node_get_title (node) : id, text);
  GtkWidget *icon = gtk_image_new_from_icon_name (is_target ? "go-next-symbolic" : "go-previous-symbolic");

  gtk_widget_add_css_class (icon, "dim-label");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  gtk_widget_set_tooltip_text (row, _ ("Go to this node"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), node != NULL);
  g_object_set_data_full (G_OBJECT (row), "heddle-node", g_strdup (id), g_free);
  gtk_list_box_append (self->ends, row);
}

gboolean
heddle_edge_page_has_edge (HeddleEdgePage *self)
{
  g_return_val_if_fail (HEDDLE_IS_EDGE_PAGE (self), FALSE);

  return self->from != NULL && self->context->document != NULL && heddle_graph_find_edge (get_graph (self), self->from, self->from_port, self->to, self->to_port) != NULL;
}

void
heddle_edge_page_update (HeddleEdgePage *self)
{
  g_return_if_fail (HEDDLE_IS_EDGE_PAGE (self));

  if (!heddle_edge_page_has_edge (self))
    return;
  heddle_list_box_clear (self->ends);
  add_end (self, self->from, self->from_port, FALSE);
  add_end (self, self->to, self->to_port, TRUE);
  show_value (self);
}

static void
clear (HeddleEdgePage *self)
{
  g_clear_pointer (&self->from, g_free);
  g_clear_pointer (&self->from_port, g_free);
  g_clear_pointer (&self->to, g_free);
  g_clear_pointer (&self->to_port, g_free);
}

void
heddle_edge_page_set_edge (HeddleEdgePage *self,
                           const HeddleEdge *edge)
{
  g_return_if_fail (HEDDLE_IS_EDGE_PAGE (self));

  clear (self);
  if (edge == NULL)
    return;
  self->from = g_strdup (edge->from);
  self->from_port = g_strdup (edge->from_port);
  self->to = g_strdup (edge->to);
  self->to_port = g_strdup (edge->to_port);
  heddle_edge_page_update (self);
}

static void
row_activated_cb (HeddleEdgePage *self,
                  GtkListBoxRow *row)
{
  g_autofree char *id = g_strdup (g_object_get_data (G_OBJECT (row), "heddle-node"));

  g_signal_emit (self, signals[NODE_ACTIVATED], 0, id);
}

GtkWidget *
heddle_edge_page_new (const HeddleParamContext *context)
{
  HeddleEdgePage *self = g_object_new (HEDDLE_TYPE_EDGE_PAGE, NULL);

  self->context = context;
  return GTK_WIDGET (self);
}

static void
heddle_edge_page_finalize (GObject *object)
{
  clear (HEDDLE_EDGE_PAGE (object));
  G_OBJECT_CLASS (heddle_edge_page_parent_class)->finalize (object);
}

static void
heddle_edge_page_class_init (HeddleEdgePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = heddle_edge_page_finalize;
  signals[NODE_ACTIVATED] = g_signal_new ("node-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (HEDDLE_TYPE_VALUE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/inspector/heddle-edge-page.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleEdgePage, ends);
  gtk_widget_class_bind_template_child (widget_class, HeddleEdgePage, state);
  gtk_widget_class_bind_template_child (widget_class, HeddleEdgePage, kind);
  gtk_widget_class_bind_template_child (widget_class, HeddleEdgePage, value);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
heddle_edge_page_init (HeddleEdgePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
