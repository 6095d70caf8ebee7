/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas/heddle-canvas-private.h"

#include "common/heddle-list-keys.h"
#include "common/heddle-widgets.h"
#include "palette/heddle-palette.h"

#include <math.h>
#include <string.h>

/* Where the current node could lead to, as a list to choose from: for those who do not draw, and for nodes that are far away. */
#define MAX_ROWS 60   /* more than anybody reads; a search finds the others */
#define MAX_ASKED 600 /* nodes that are looked at for them, the nearest first */

typedef struct
{
  HeddleCanvas *canvas; /* the popover is its child */
  char *from;
  GtkWidget *popover;
  GtkEditable *search;
  GtkListBox *list;
} Chooser;

static void
chooser_free (gpointer data, GClosure *closure)
{
  Chooser *chooser = data;

  g_free (chooser->from);
  g_free (chooser);
}

/* The ports are named only where there is more than one way. */
static char *
dup_caption (const HeddleCanvasItem *from, guint output, const HeddleCanvasItem *to, guint input)
{
  const HeddleCanvasPort *first = heddle_canvas_item_get_port (from, TRUE, output);
  const HeddleCanvasPort *second = heddle_canvas_item_get_port (to, FALSE, input);

  if (heddle_canvas_item_get_n_ports (from, TRUE) == 1 && heddle_canvas_item_get_n_ports (to, FALSE) == 1)
    return NULL;
  return g_strdup_printf ("%s → %s", first->title, second->title);
}

static GtkWidget *
row_new (const HeddleCanvasItem *from, guint output, const HeddleCanvasItem *to, guint input)
{
  g_autofree char *caption = dup_caption (from, output, to, input);
  char *output_name = (char *) heddle_canvas_item_get_port (from, TRUE, output)->name;
  char *input_name = (char *) heddle_canvas_item_get_port (to, FALSE, input)->name;
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *labels = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *title = heddle_label_new (to->title, NULL);

  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_widget_set_valign (labels, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (labels), title);
  if (caption != NULL)
    gtk_box_append (GTK_BOX (labels), heddle_label_new (caption, "caption"));
  gtk_box_append (GTK_BOX (box), heddle_palette_icon_new (to->type));
  gtk_box_append (GTK_BOX (box), labels);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data_full (G_OBJECT (row), "heddle-ends", g_strdupv ((char *[]){ output_name, (char *) to->id, input_name, NULL }), (GDestroyNotify) g_strfreev);
  return row;
}

/* Returns how many there are then. */
static guint
append_rows (Chooser *self, const HeddleCanvasItem *from, const HeddleCanvasItem *to, guint n_rows)
{
  HeddleGraph *graph = heddle_canvas_get_graph (self->canvas);

  for (guint i = 0; i < heddle_canvas_item_get_n_ports (from, TRUE); i++)
    for (guint j = 0; j < heddle_canvas_item_get_n_ports (to, FALSE) && n_rows < MAX_ROWS; j++)
      if (heddle_graph_can_connect (graph, from->id, heddle_canvas_item_get_port (from, TRUE, i)->name, to->id, heddle_canvas_item_get_port (to, FALSE, j)->name, NULL))
        {
          gtk_list_box_append (self->list, row_new (from, i, to, j));
          n_rows++;
        }
  return n_rows;
}

static int
compare_distance (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const HeddleCanvasItem *from = user_data;
  const HeddleCanvasItem *one = *(HeddleCanvasItem *const *) a;
  const HeddleCanvasItem *other = *(HeddleCanvasItem *const *) b;
  double difference = hypot (one->x - from->x, one->y - from->y) - hypot (other->x - from->x, other->y - from->y);

  return difference < 0 ? -1 : difference > 0;
}

static gboolean
matches (const HeddleCanvasItem *item, const char *wanted)
{
  g_autofree char *title = g_utf8_casefold (item->title, -1);

  return strstr (title, wanted) != NULL || strstr (item->id, wanted) != NULL;
}

/* Nodes whose title or name has the text, the nearest first. */
static GPtrArray *
list_targets (Chooser *self, const HeddleCanvasItem *from)
{
  GPtrArray *items = heddle_canvas_scene_get_items (self->canvas->scene);
  GPtrArray *found = g_ptr_array_new ();
  g_autofree char *wanted = g_utf8_casefold (gtk_editable_get_text (self->search), -1);

  for (guint i = 0; i < items->len; i++)
    {
      HeddleCanvasItem *item = items->pdata[i];

      if (item != from && item->kind == HEDDLE_CANVAS_ITEM_NODE && matches (item, g_strstrip (wanted)))
        g_ptr_array_add (found, item);
    }
  g_ptr_array_sort_with_data (found, compare_distance, (gpointer) from);
  return found;
}

static void
fill (Chooser *self)
{
  const HeddleCanvasItem *from = heddle_canvas_scene_find (self->canvas->scene, self->from);
  g_autoptr (GPtrArray) targets = from != NULL ? list_targets (self, from) : g_ptr_array_new ();
  guint n_rows = 0;

  heddle_list_box_clear (self->list);
  for (guint i = 0; i < MIN (targets->len, MAX_ASKED) && n_rows < MAX_ROWS; i++)
    n_rows = append_rows (self, from, targets->pdata[i], n_rows);
  gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
}

static void
choose (Chooser *self, GtkListBoxRow *row)
{
  char **ends = g_object_get_data (G_OBJECT (row), "heddle-ends");
  g_autoptr (GError) error = NULL;

  if (!heddle_document_connect (self->canvas->document, self->from, ends[0], ends[1], ends[2], &error))
    heddle_canvas_emit_message (self->canvas, error->message);
  gtk_popover_popdown (GTK_POPOVER (self->popover));
}

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row, Chooser *self)
{
  choose (self, row);
}

static void
search_activate_cb (GtkSearchEntry *search, Chooser *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  if (row != NULL)
    choose (self, row);
}

static void
search_changed_cb (GtkSearchEntry *search, Chooser *self)
{
  fill (self);
}

void
heddle_canvas_choose_target (HeddleCanvas *self, HeddleCanvasItem *item)
{
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_resource ("/org/heddle/Heddle/canvas/heddle-canvas-targets.ui");
  g_autofree char *title = g_strdup_printf (_ ("Connect %s to…"), item->title);
  Chooser *chooser = g_new0 (Chooser, 1);
  graphene_rect_t at;

  chooser->canvas = self;
  chooser->from = g_strdup (item->id);
  chooser->popover = GTK_WIDGET (gtk_builder_get_object (builder, "popover"));
  chooser->search = GTK_EDITABLE (gtk_builder_get_object (builder, "search"));
  chooser->list = GTK_LIST_BOX (gtk_builder_get_object (builder, "list"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (chooser->popover), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_object_set (chooser->search, "placeholder-text", title, NULL);
  g_signal_connect (chooser->search, "search-changed", G_CALLBACK (search_changed_cb), chooser);
  g_signal_connect (chooser->search, "activate", G_CALLBACK (search_activate_cb), chooser);
  g_signal_connect_swapped (chooser->search, "stop-search", G_CALLBACK (gtk_popover_popdown), chooser->popover);
  g_signal_connect_data (chooser->list, "row-activated", G_CALLBACK (row_activated_cb), chooser, chooser_free, 0);
  heddle_list_keys_install (chooser->list, GTK_WIDGET (chooser->search));
  fill (chooser);
  heddle_canvas_scroll_to (self, item);
  heddle_canvas_get_node_bounds (self, item->id, &at);
  heddle_canvas_show_popover (self, chooser->popover, &at);
  gtk_widget_grab_focus (GTK_WIDGET (chooser->search));
}
