/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-value-view.h"

#include "trace/heddle-json-item.h"
#include "trace/heddle-markdown.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* More than this is slow to lay out and nobody reads it here; Copy still has all. */
#define MAX_SHOWN (256 * 1024)
/* Beyond this the text is shown plain: each piece of markup is a tag of the buffer. */
#define MAX_RICH (64 * 1024)

struct _HeddleValueView
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkStack *stack;
  GtkTextView *text_view;
  GtkTextView *raw_view;
  GtkListView *tree;

  JsonNode *value;
  char *text; /* streaming, instead of a value */
};

G_DEFINE_FINAL_TYPE (HeddleValueView, heddle_value_view, GTK_TYPE_WIDGET)

static void
copy_clicked_cb (HeddleValueView *self)
{
  gboolean raw = g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "text") != 0;
  g_autofree char *text = NULL;

  if (self->value == NULL)
    text = g_strdup (self->text != NULL ? self->text : "");
  else
    text = raw ? heddle_json_to_text (self->value, HEDDLE_JSON_PRETTY) : heddle_json_to_display (self->value);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

static void
fill (GtkTextView *view,
      const char *text)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  gsize length = strlen (text);
  GtkTextIter end;

  if (length <= MAX_SHOWN)
    {
      gtk_text_buffer_set_text (buffer, text, length);
      return;
    }
  length = g_utf8_find_prev_char (text, text + MAX_SHOWN) - text;
  gtk_text_buffer_set_text (buffer, text, length);
  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_insert (buffer, &end, _ ("\n… (Copy has the rest.)"), -1);
}

/* What a model wrote is mostly Markdown. The tags go with the buffer, so each text gets its own. */
static void
fill_rich (GtkTextView *view,
           const char *text)
{
  g_autoptr (GtkTextBuffer) buffer = NULL;
  g_autofree char *markup = NULL;
  GtkTextIter start;

  if (strlen (text) > MAX_RICH)
    {
      fill (view, text);
      return;
    }
  markup = heddle_markdown_to_markup (text);
  buffer = gtk_text_buffer_new (NULL);
  gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_buffer_insert_markup (buffer, &start, markup, -1);
  gtk_text_view_set_buffer (view, buffer);
}

static GListModel *
children_cb (gpointer item,
             gpointer user_data)
{
  return heddle_json_item_dup_children (item);
}

static void
fill_tree (HeddleValueView *self)
{
  GtkTreeListModel *tree = gtk_tree_list_model_new (heddle_json_item_list_new (self->value), FALSE, FALSE, children_cb, NULL, NULL);
  g_autoptr (GtkNoSelection) selection = gtk_no_selection_new (G_LIST_MODEL (tree));

  gtk_list_view_set_model (self->tree, GTK_SELECTION_MODEL (selection));
}

static void
show_value (HeddleValueView *self)
{
  g_autofree char *display = NULL;
  g_autofree char *raw = NULL;
  gboolean container;

  if (self->value == NULL)
    {
      fill (self->text_view, self->text != NULL ? self->text : "");
      fill (self->raw_view, "");
      gtk_list_view_set_model (self->tree, NULL);
      return;
    }
  container = JSON_NODE_HOLDS_OBJECT (self->value) || JSON_NODE_HOLDS_ARRAY (self->value);
  raw = heddle_json_to_text (self->value, HEDDLE_JSON_PRETTY);
  display = container ? g_strdup (raw) : heddle_json_to_display (self->value);
  if (container)
    fill (self->text_view, display);
  else
    fill_rich (self->text_view, display);
  fill (self->raw_view, raw);
  fill_tree (self);
}

void
heddle_value_view_set_value (HeddleValueView *self,
                             JsonNode *value)
{
  g_return_if_fail (HEDDLE_IS_VALUE_VIEW (self));

  if (value != NULL && self->value == value)
    return;
  if (value != NULL)
    json_node_ref (value);
  g_clear_pointer (&self->value, json_node_unref);
  self->value = value;
  g_clear_pointer (&self->text, g_free);
  show_value (self);
}

void
heddle_value_view_set_text (HeddleValueView *self,
                            const char *text)
{
  gsize old_length;

  g_return_if_fail (HEDDLE_IS_VALUE_VIEW (self));

  old_length = self->text != NULL ? strlen (self->text) : 0;
  if (self->value == NULL && old_length > 0 && strlen (text) < MAX_SHOWN && strncmp (self->text, text, old_length) == 0)
    {
      GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
      GtkTextIter end;

      gtk_text_buffer_get_end_iter (buffer, &end);
      gtk_text_buffer_insert (buffer, &end, text + old_length, -1);
      g_free (self->text);
      self->text = g_strdup (text);
      return;
    }
  g_clear_pointer (&self->value, json_node_unref);
  g_free (self->text);
  self->text = g_strdup (text);
  show_value (self);
}

static void
tree_setup_cb (GtkSignalListItemFactory *factory,
               GtkListItem *item,
               gpointer user_data)
{
  GtkWidget *expander = gtk_tree_expander_new ();
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *key = gtk_label_new (NULL);
  GtkWidget *value = gtk_label_new (NULL);

  gtk_widget_add_css_class (key, "json-key");
  gtk_label_set_xalign (GTK_LABEL (value), 0);
  gtk_label_set_ellipsize (GTK_LABEL (value), PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode (GTK_LABEL (value), TRUE);
  gtk_widget_set_hexpand (value, TRUE);
  gtk_box_append (GTK_BOX (row), key);
  gtk_box_append (GTK_BOX (row), value);
  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), row);
  gtk_list_item_set_child (item, expander);
}

static void
tree_bind_cb (GtkSignalListItemFactory *factory,
              GtkListItem *item,
              gpointer user_data)
{
  GtkTreeListRow *tree_row = gtk_list_item_get_item (item);
  g_autoptr (HeddleJsonItem) json = gtk_tree_list_row_get_item (tree_row);
  GtkTreeExpander *expander = GTK_TREE_EXPANDER (gtk_list_item_get_child (item));
  GtkWidget *row = gtk_tree_expander_get_child (expander);
  GtkWidget *value = gtk_widget_get_last_child (row);
  g_autofree char *text = heddle_json_item_dup_text (json);

  gtk_tree_expander_set_list_row (expander, tree_row);
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_first_child (row)), heddle_json_item_get_key (json));
  gtk_label_set_label (GTK_LABEL (value), text);
  gtk_widget_set_tooltip_text (value, strlen (text) < 2000 ? text : NULL);
  if (heddle_json_item_is_container (json))
    gtk_widget_add_css_class (value, "dim-label");
  else
    gtk_widget_remove_css_class (value, "dim-label");
}

GtkWidget *
heddle_value_view_new (void)
{
  return g_object_new (HEDDLE_TYPE_VALUE_VIEW, NULL);
}

static void
heddle_value_view_dispose (GObject *object)
{
  HeddleValueView *self = HEDDLE_VALUE_VIEW (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->value, json_node_unref);
  g_clear_pointer (&self->text, g_free);
  G_OBJECT_CLASS (heddle_value_view_parent_class)->dispose (object);
}

static void
heddle_value_view_class_init (HeddleValueViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_value_view_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/trace/heddle-value-view.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleValueView, box);
  gtk_widget_class_bind_template_child (widget_class, HeddleValueView, stack);
  gtk_widget_class_bind_template_child (widget_class, HeddleValueView, text_view);
  gtk_widget_class_bind_template_child (widget_class, HeddleValueView, raw_view);
  gtk_widget_class_bind_template_child (widget_class, HeddleValueView, tree);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked_cb);
}

static void
heddle_value_view_init (HeddleValueView *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (factory, "setup", G_CALLBACK (tree_setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (tree_bind_cb), NULL);
  gtk_list_view_set_factory (self->tree, factory);
}
