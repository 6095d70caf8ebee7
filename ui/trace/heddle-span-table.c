/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/heddle-span-table.h"

#include "trace/heddle-span-menu.h"
#include "trace/heddle-span-name.h"

#include <glib/gi18n-lib.h>

#define NAME_WIDTH 140

/* How a cell is written; NULL: empty. */
typedef char *(*CellText) (HeddleSpan *span);

typedef struct
{
  const char *title;
  CellText text;
  gboolean numeric;
  gboolean expand;
} Column;

static char *
state_text (HeddleSpan *span)
{
  return g_strdup (heddle_span_state_get_title (heddle_span_get_state (span)));
}

static char *
start_text (HeddleSpan *span)
{
  return heddle_span_get_start (span) >= 0 ? heddle_format_duration (heddle_span_get_start (span)) : NULL;
}

static char *
duration_text (HeddleSpan *span)
{
  return heddle_span_get_end (span) >= 0 ? heddle_format_span_duration (span, 0) : NULL;
}

static char *
tokens_text (HeddleSpan *span,
             gboolean input)
{
  HeddleSpanUsage usage;
  gint64 tokens;

  if (!heddle_span_get_usage (span, &usage))
    return NULL;
  tokens = input ? usage.input_tokens : usage.output_tokens;
  return tokens >= 0 ? g_strdup_printf ("%s%" G_GINT64_FORMAT, usage.estimated ? "≈ " : "", tokens) : NULL;
}

static char *
input_tokens_text (HeddleSpan *span)
{
  return tokens_text (span, TRUE);
}

static char *
output_tokens_text (HeddleSpan *span)
{
  return tokens_text (span, FALSE);
}

static const Column columns[] = {
  { N_ ("State"), state_text },
  { N_ ("Start"), start_text, TRUE },
  { N_ ("Duration"), duration_text, TRUE },
  { N_ ("Tokens In"), input_tokens_text, TRUE },
  { N_ ("Tokens Out"), output_tokens_text, TRUE },
  { N_ ("Cost"), heddle_format_span_cost, TRUE },
  { N_ ("Note"), heddle_format_span_note, FALSE, TRUE },
};

static void
attach_menu (GtkSignalListItemFactory *factory,
             GtkWidget *cell,
             GtkListItem *item)
{
  heddle_span_menu_attach (cell, item, g_object_get_data (G_OBJECT (factory), "heddle-selection"));
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem *item,
          gpointer user_data)
{
  const Column *column = user_data;
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), column->numeric ? 1 : 0);
  /* A state or a number is of no use when it is cut off. */
  if (column->expand)
    gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  if (column->numeric)
    gtk_widget_add_css_class (label, "numeric");
  g_object_set_data (G_OBJECT (label), "heddle-column", (gpointer) column);
  attach_menu (factory, label, item);
  gtk_list_item_set_child (item, label);
}

static void
update_cell (HeddleSpan *span,
             GtkWidget *label)
{
  const Column *column = g_object_get_data (G_OBJECT (label), "heddle-column");
  g_autofree char *text = column->text (span);

  gtk_label_set_label (GTK_LABEL (label), text != NULL ? text : "");
}

static void
span_changed_cb (HeddleSpan *span,
                 GParamSpec *pspec,
                 GtkWidget *label)
{
  update_cell (span, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem *item,
         gpointer user_data)
{
  HeddleSpan *span = gtk_list_item_get_item (item);
  GtkWidget *label = gtk_list_item_get_child (item);

  update_cell (span, label);
  g_signal_connect_object (span, "notify::state", G_CALLBACK (span_changed_cb), label, 0);
  g_signal_connect_object (span, "notify::usage", G_CALLBACK (span_changed_cb), label, 0);
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem *item,
           gpointer user_data)
{
  g_signal_handlers_disconnect_by_data (gtk_list_item_get_item (item), gtk_list_item_get_child (item));
}

static void
name_setup_cb (GtkSignalListItemFactory *factory,
               GtkListItem *item,
               HeddleSpanRows *rows)
{
  GtkWidget *name = heddle_span_name_new (rows);

  /* What a step is called is read first, and its state next to it is the same word again and again. */
  gtk_widget_set_size_request (name, NAME_WIDTH, -1);
  attach_menu (factory, name, item);
  gtk_list_item_set_child (item, name);
}

static void
name_bind_cb (GtkSignalListItemFactory *factory,
              GtkListItem *item,
              gpointer user_data)
{
  heddle_span_name_set_span (HEDDLE_SPAN_NAME (gtk_list_item_get_child (item)), gtk_list_item_get_item (item));
}

static void
name_unbind_cb (GtkSignalListItemFactory *factory,
                GtkListItem *item,
                gpointer user_data)
{
  heddle_span_name_set_span (HEDDLE_SPAN_NAME (gtk_list_item_get_child (item)), NULL);
}

static GtkColumnViewColumn *
name_column_new (GtkSingleSelection *selection,
                 HeddleSpanRows *rows)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *column;

  g_object_set_data_full (G_OBJECT (factory), "heddle-selection", g_object_ref (selection), g_object_unref);
  g_signal_connect_object (factory, "setup", G_CALLBACK (name_setup_cb), rows, 0);
  g_signal_connect (factory, "bind", G_CALLBACK (name_bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (name_unbind_cb), NULL);
  column = gtk_column_view_column_new (_ ("Step"), factory);
  gtk_column_view_column_set_expand (column, TRUE);
  gtk_column_view_column_set_resizable (column, TRUE);
  return column;
}

GtkWidget *
heddle_span_table_new (GtkSingleSelection *selection,
                       HeddleSpanRows *rows)
{
  GtkWidget *view = gtk_column_view_new (g_object_ref (GTK_SELECTION_MODEL (selection)));
  GtkWidget *scroller = gtk_scrolled_window_new ();
  g_autoptr (GtkColumnViewColumn) name = name_column_new (selection, rows);

  gtk_column_view_append_column (GTK_COLUMN_VIEW (view), name);
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_autoptr (GtkColumnViewColumn) column = NULL;

      g_object_set_data_full (G_OBJECT (factory), "heddle-selection", g_object_ref (selection), g_object_unref);
      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), (gpointer) &columns[i]);
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
      g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);
      column = gtk_column_view_column_new (_ (columns[i].title), factory);
      gtk_column_view_column_set_expand (column, columns[i].expand);
      gtk_column_view_column_set_resizable (column, TRUE);
      gtk_column_view_append_column (GTK_COLUMN_VIEW (view), column);
    }
  gtk_widget_add_css_class (view, "data-table");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_widget_set_vexpand (scroller, TRUE);
  return scroller;
}
