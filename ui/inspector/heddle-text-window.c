/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inspector/heddle-text-window.h"

#include "common/heddle-adaptive-bin.h"
#include "common/heddle-wrap-layout.h"
#include "inspector/heddle-completion.h"
#include "inspector/heddle-data-scope.h"
#include "inspector/heddle-expression-drop.h"
#include "inspector/heddle-expression-field.h"
#include "inspector/heddle-preview.h"
#include "inspector/heddle-value-expression.h"
#include "trace/heddle-value-tree.h"

#include <glib/gi18n-lib.h>

/* Of the window that it is opened over, this much stays to be seen. */
#define MARGIN 40

struct _HeddleTextWindow
{
  AdwWindow parent_instance;

  GtkToggleButton *find_button;
  GtkToggleButton *side_button;
  GtkSearchBar *find_bar;
  GtkEditable *find_entry;
  GtkEditable *replace_entry;
  GtkLabel *found;
  GtkScrolledWindow *scroller;
  AdwWindowTitle *heading;
  GtkLabel *notice;
  HeddleAdaptiveBin *adaptive;
  GtkPaned *paned;
  GtkWidget *below; /* the text */
  AdwBin *preview_bin;
  GtkLabel *problem;
  GtkWidget *side;
  HeddleValueTree *tree;

  GtkWidget *view; /* in the scroller */
  HeddleTemplateViewMode mode;
  const HeddleParamContext *context; /* only while the field is there */
  HeddleDocument *document;
  char *node_id;
  GtkSourceSearchContext *search;
};

G_DEFINE_FINAL_TYPE (HeddleTextWindow, heddle_text_window, ADW_TYPE_WINDOW)

static GtkTextBuffer *
get_buffer (HeddleTextWindow *self)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
}

static void
show_match (HeddleTextWindow *self,
            const GtkTextIter *start,
            const GtkTextIter *end)
{
  gtk_text_buffer_select_range (get_buffer (self), start, end);
  gtk_text_view_scroll_mark_onscreen (GTK_TEXT_VIEW (self->view), gtk_text_buffer_get_insert (get_buffer (self)));
}

static void
update_found (HeddleTextWindow *self)
{
  int n = gtk_source_search_context_get_occurrences_count (self->search);
  g_autofree char *text = NULL;

  if (n >= 0 && *gtk_editable_get_text (self->find_entry) != '\0')
    text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d match", "%d matches", (gulong) n), n);
  gtk_label_set_label (self->found, text != NULL ? text : "");
}

static void
find_next_cb (HeddleTextWindow *self)
{
  GtkTextIter at, start, end;

  gtk_text_buffer_get_selection_bounds (get_buffer (self), NULL, &at);
  if (gtk_source_search_context_forward (self->search, &at, &start, &end, NULL))
    show_match (self, &start, &end);
}

static void
find_previous_cb (HeddleTextWindow *self)
{
  GtkTextIter at, start, end;

  gtk_text_buffer_get_selection_bounds (get_buffer (self), &at, NULL);
  if (gtk_source_search_context_backward (self->search, &at, &start, &end, NULL))
    show_match (self, &start, &end);
}

/* From where the selection begins, so that each letter narrows the same match. */
static void
find_changed_cb (HeddleTextWindow *self)
{
  GtkTextIter at, start, end;

  gtk_source_search_settings_set_search_text (gtk_source_search_context_get_settings (self->search), gtk_editable_get_text (self->find_entry));
  gtk_text_buffer_get_selection_bounds (get_buffer (self), &at, NULL);
  if (gtk_source_search_context_forward (self->search, &at, &start, &end, NULL))
    show_match (self, &start, &end);
  update_found (self);
}

static void
replace_cb (HeddleTextWindow *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_selection_bounds (get_buffer (self), &start, &end);
  gtk_source_search_context_replace (self->search, &start, &end, gtk_editable_get_text (self->replace_entry), -1, NULL);
  find_next_cb (self);
  update_found (self);
}

static void
replace_all_cb (HeddleTextWindow *self)
{
  gtk_source_search_context_replace_all (self->search, gtk_editable_get_text (self->replace_entry), -1, NULL);
  update_found (self);
}

static void
tell (HeddleTextWindow *self,
      const char *message)
{
  gtk_label_set_label (self->notice, message);
  gtk_widget_set_visible (GTK_WIDGET (self->notice), *message != '\0');
}

static void
value_activated_cb (HeddleTextWindow *self,
                    const HeddleValueOrigin *origin)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *expression = NULL;

  if (!gtk_text_view_get_editable (GTK_TEXT_VIEW (self->view)))
    return;
  expression = heddle_value_expression_dup (self->context, origin, &error);
  tell (self, error != NULL ? error->message : "");
  if (expression == NULL)
    return;
  heddle_expression_insert (GTK_TEXT_VIEW (self->view), self->mode, expression);
  gtk_widget_grab_focus (self->view);
}

static void
insert_action (GtkWidget *widget,
               const char *action,
               GVariant *parameter)
{
  g_autoptr (HeddleValueOrigin) origin = heddle_value_origin_new_from_variant (parameter);

  if (origin != NULL)
    value_activated_cb (HEDDLE_TEXT_WINDOW (widget), origin);
}

static void
refuse_action (GtkWidget *widget,
               const char *action,
               GVariant *parameter)
{
  tell (HEDDLE_TEXT_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
add_root (HeddleTextWindow *self,
          JsonObject *roots,
          const char *name)
{
  HeddleDataSource source;
  JsonNode *value = heddle_data_scope_dup_root (self->context, name, &source);

  if (value != NULL)
    json_object_set_member (roots, name, value);
}

/* What is empty is left out. */
static JsonNode *
make_roots (HeddleTextWindow *self)
{
  static const char *const general[] = { "input", "loop", "vars", "global", "run" };
  g_autoptr (GPtrArray) nodes = heddle_data_scope_list_nodes (heddle_document_get_graph (self->context->document), self->context->node_id);
  JsonObject *roots = json_object_new ();

  for (guint i = 0; i < nodes->len; i++)
    add_root (self, roots, g_ptr_array_index (nodes, i));
  for (guint i = 0; i < G_N_ELEMENTS (general); i++)
    add_root (self, roots, general[i]);
  return heddle_json_object (roots);
}

static void
find_action (GtkWidget *widget,
             const char *action,
             GVariant *parameter)
{
  HeddleTextWindow *self = HEDDLE_TEXT_WINDOW (widget);

  gtk_toggle_button_set_active (self->find_button, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->find_entry));
}

static void
next_action (GtkWidget *widget,
             const char *action,
             GVariant *parameter)
{
  find_next_cb (HEDDLE_TEXT_WINDOW (widget));
}

static void
previous_action (GtkWidget *widget,
                 const char *action,
                 GVariant *parameter)
{
  find_previous_cb (HEDDLE_TEXT_WINDOW (widget));
}

static void
side_action (GtkWidget *widget,
             const char *action,
             GVariant *parameter)
{
  HeddleTextWindow *self = HEDDLE_TEXT_WINDOW (widget);

  gtk_toggle_button_set_active (self->side_button, !gtk_toggle_button_get_active (self->side_button));
}

/* The search first, when it is open. */
static void
leave_action (GtkWidget *widget,
              const char *action,
              GVariant *parameter)
{
  HeddleTextWindow *self = HEDDLE_TEXT_WINDOW (widget);

  if (!gtk_search_bar_get_search_mode (self->find_bar))
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }
  gtk_search_bar_set_search_mode (self->find_bar, FALSE);
  gtk_widget_grab_focus (self->view);
}

/* Before the editor, which would begin a line. */
static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint keyval,
                guint keycode,
                GdkModifierType state,
                HeddleTextWindow *self)
{
  if ((keyval != GDK_KEY_Return && keyval != GDK_KEY_KP_Enter) || (state & gtk_accelerator_get_default_mod_mask ()) != GDK_CONTROL_MASK)
    return GDK_EVENT_PROPAGATE;
  gtk_window_close (GTK_WINDOW (self));
  return GDK_EVENT_STOP;
}

/* Below the text where there is no room beside it. */
static void
narrow_changed_cb (HeddleTextWindow *self)
{
  gboolean is_narrow = heddle_adaptive_bin_is_narrow (self->adaptive);
  int height = gtk_widget_get_height (GTK_WIDGET (self->adaptive));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->paned), is_narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_paned_set_position (self->paned, is_narrow ? height * 3 / 5 : gtk_widget_get_width (GTK_WIDGET (self->adaptive)) * 2 / 3);
}

void
heddle_text_window_set_problem (HeddleTextWindow *self,
                                const char *problem)
{
  g_return_if_fail (HEDDLE_IS_TEXT_WINDOW (self));

  gtk_label_set_label (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL && *problem != '\0');
}

static void
fill_tree (HeddleTextWindow *self)
{
  g_autoptr (JsonNode) roots = make_roots (self);

  heddle_value_tree_set_roots (self->tree, roots);
}

void
heddle_text_window_refresh (HeddleTextWindow *self)
{
  GtkWidget *preview;

  g_return_if_fail (HEDDLE_IS_TEXT_WINDOW (self));

  preview = adw_bin_get_child (self->preview_bin);
  if (preview != NULL)
    heddle_preview_refresh (HEDDLE_PREVIEW (preview));
}

/* The field is going, and with it what knows values and takes what is typed. */
static void
field_gone_cb (HeddleTextWindow *self)
{
  const HeddleNode *node = heddle_graph_find_node (heddle_document_get_graph (self->document), self->node_id);

  gtk_text_view_set_editable (GTK_TEXT_VIEW (self->view), FALSE);
  adw_bin_set_child (self->preview_bin, NULL);
  heddle_text_window_set_problem (self, NULL);
  gtk_toggle_button_set_active (self->side_button, FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->side_button), FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "text.toggle-side", FALSE);
  tell (self, node == NULL ? _ ("This node is no longer in the workflow. Copy the text if you still need it; undo in the main window brings the node back.")
                           : _ ("Another node is selected by now. What you wrote is kept; to go on, select the node and open this window again."));
}

static void
set_up_view (HeddleTextWindow *self,
             GtkTextBuffer *buffer,
             const char *title)
{
  GtkSourceView *view;

  self->view = gtk_source_view_new_with_buffer (GTK_SOURCE_BUFFER (buffer));
  view = GTK_SOURCE_VIEW (self->view);
  gtk_source_view_set_show_line_numbers (view, TRUE);
  gtk_source_view_set_highlight_current_line (view, TRUE);
  gtk_source_view_set_tab_width (view, 2);
  gtk_source_view_set_auto_indent (view, TRUE);
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (view), TRUE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (view), 6);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (view), 6);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_scrolled_window_set_child (self->scroller, self->view);
  if (self->mode != HEDDLE_TEMPLATE_VIEW_CODE)
    heddle_completion_attach (GTK_TEXT_VIEW (view), self->mode, self->context);
  heddle_expression_drop_attach (GTK_TEXT_VIEW (view), self->mode, self->context);
}

static void
set_up_side (HeddleTextWindow *self)
{
  gboolean has_values = self->mode != HEDDLE_TEMPLATE_VIEW_CODE;
  GtkWidget *preview;

  gtk_widget_set_visible (GTK_WIDGET (self->side_button), has_values);
  gtk_toggle_button_set_active (self->side_button, has_values);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "text.toggle-side", has_values);
  gtk_widget_set_visible (self->below, has_values);
  if (!has_values)
    return;
  fill_tree (self);
  preview = heddle_preview_new (GTK_TEXT_VIEW (self->view), self->mode, self->context);
  heddle_preview_set_expanded (HEDDLE_PREVIEW (preview), TRUE);
  adw_bin_set_child (self->preview_bin, preview);
}

static void
set_up_search (HeddleTextWindow *self,
               GtkTextBuffer *buffer)
{
  g_autoptr (GtkSourceSearchSettings) settings = gtk_source_search_settings_new ();

  gtk_source_search_settings_set_wrap_around (settings, TRUE);
  self->search = gtk_source_search_context_new (GTK_SOURCE_BUFFER (buffer), settings);
  g_signal_connect_object (self->search, "notify::occurrences-count", G_CALLBACK (update_found), self, G_CONNECT_SWAPPED);
}

/* No larger than what it is over. */
static void
set_up_size (HeddleTextWindow *self,
             GtkWidget *parent)
{
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (self), CLAMP (gtk_widget_get_width (parent) - MARGIN, 340, width), CLAMP (gtk_widget_get_height (parent) - MARGIN, 320, height));
}

HeddleTextWindow *
heddle_text_window_open (GtkWidget *view,
                         HeddleTemplateViewMode mode,
                         const HeddleParamContext *context,
                         const char *title)
{
  GtkRoot *root = gtk_widget_get_root (view);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  const HeddleNode *node = NULL;
  HeddleTextWindow *self;

  if (context->document != NULL && context->node_id != NULL && GTK_IS_WINDOW (root))
    node = heddle_graph_find_node (heddle_document_get_graph (context->document), context->node_id);
  if (node == NULL)
    return NULL;
  self = g_object_new (HEDDLE_TYPE_TEXT_WINDOW, "transient-for", root, "title", title, NULL);
  self->mode = mode;
  self->context = context;
  self->document = g_object_ref (context->document);
  self->node_id = g_strdup (context->node_id);
  adw_window_title_set_title (self->heading, title);
  adw_window_title_set_subtitle (self->heading, heddle_node_get_title (node));
  set_up_size (self, GTK_WIDGET (root));
  set_up_view (self, buffer, title);
  set_up_side (self);
  set_up_search (self, buffer);
  g_signal_connect_object (view, "unrealize", G_CALLBACK (field_gone_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self));
  gtk_widget_grab_focus (self->view);
  return self;
}

static void
heddle_text_window_dispose (GObject *object)
{
  HeddleTextWindow *self = HEDDLE_TEXT_WINDOW (object);

  g_clear_object (&self->search);
  g_clear_object (&self->document);
  g_clear_pointer (&self->node_id, g_free);
  G_OBJECT_CLASS (heddle_text_window_parent_class)->dispose (object);
}

static void
heddle_text_window_class_init (HeddleTextWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_text_window_dispose;
  g_type_ensure (HEDDLE_TYPE_ADAPTIVE_BIN);
  g_type_ensure (HEDDLE_TYPE_VALUE_TREE);
  g_type_ensure (HEDDLE_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/inspector/heddle-text-window.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleTextWindow, find_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleTextWindow, side_button);
  gtk_widget_class_bind_template_child (widget_class, HeddleTextWindow, find_bar);
  gtk_widget_class_bind_template_child (widget_class, HeddleTextWindow, find_entry);
  gtk_widget_class_bind_template_child (widget_class, HeddleTextWindow, replace_entry);
  gtk_widget_class_bind_template_child (widget_class, HeddleTextWindow, found);
  gtk_widget_class_bind_template_child (widget_class, HeddleTextWindow, scroller);
  gtk_widget_class_bind_template_child (widget_class, HeddleTextWindow, side);
  gtk_widget_class_bind_template_child (widget_class, HeddleTextWindow, tree);
  gtk_widget_class_bind_template_child (widget_class, HeddleTextWindow, heading);
  gtk_widget_class_bind_template_child (widget_class, HeddleTextWindow, notice);
  gtk_widget_class_bind_template_child (widget_class, HeddleTextWindow, adaptive);
  gtk_widget_class_bind_template_child (widget_class, HeddleTextWindow, paned);
  gtk_widget_class_bind_template_child (widget_class, HeddleTextWindow, below);
  gtk_widget_class_bind_template_child (widget_class, HeddleTextWindow, problem);
  gtk_widget_class_bind_template_child (widget_class, HeddleTextWindow, preview_bin);
  gtk_widget_class_bind_template_callback (widget_class, find_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, find_next_cb);
  gtk_widget_class_bind_template_callback (widget_class, find_previous_cb);
  gtk_widget_class_bind_template_callback (widget_class, replace_cb);
  gtk_widget_class_bind_template_callback (widget_class, replace_all_cb);
  gtk_widget_class_bind_template_callback (widget_class, value_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, narrow_changed_cb);
  gtk_widget_class_install_action (widget_class, "text.find", NULL, find_action);
  gtk_widget_class_install_action (widget_class, "text.next", NULL, next_action);
  gtk_widget_class_install_action (widget_class, "text.previous", NULL, previous_action);
  gtk_widget_class_install_action (widget_class, "text.toggle-side", NULL, side_action);
  gtk_widget_class_install_action (widget_class, "text.leave", NULL, leave_action);
  gtk_widget_class_install_action (widget_class, "inspector.insert-value", "(issss)", insert_action);
  gtk_widget_class_install_action (widget_class, "inspector.refuse", "s", refuse_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "text.find", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_h, GDK_CONTROL_MASK, "text.find", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_g, GDK_CONTROL_MASK, "text.next", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_g, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "text.previous", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F9, 0, "text.toggle-side", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "text.leave", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_e, GDK_CONTROL_MASK, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
}

static void
heddle_text_window_init (HeddleTextWindow *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_search_bar_connect_entry (self->find_bar, self->find_entry);
}
