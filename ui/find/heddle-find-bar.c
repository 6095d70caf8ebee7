/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find/heddle-find-bar.h"

#include "common/heddle-widgets.h"
#include "find/heddle-find-match.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define SLICE 200 /* nodes that are looked through at once */
/* About, in pixels: what the bar covers when its list has grown. */
#define BAR_HEIGHT 70
#define ROW_HEIGHT 44
#define LIST_HEIGHT 280

struct _HeddleFindBar
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkSearchEntry *search;
  GtkLabel *count;
  GtkWidget *previous;
  GtkWidget *next;
  GtkWidget *scroller;
  GtkListView *list;

  HeddleCanvas *canvas; /* borrowed */
  HeddleTrace *trace;
  GListStore *matches;
  GtkSingleSelection *selection;
  gulong document_handler;

  HeddleFindNeedle *needle;
  guint idle;           /* source: the search is under way */
  guint reached;        /* index of the node that is looked at next */
  gboolean go_on_found; /* show the first match as soon as there is one */

  double zoom, x, y; /* when it was opened */
  char **selected;
};

enum
{
  OPEN_MATCH,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleFindBar, heddle_find_bar, GTK_TYPE_WIDGET)

static guint
get_n_matches (HeddleFindBar *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->matches));
}

static void
update_count (HeddleFindBar *self)
{
  guint n = get_n_matches (self);
  guint current = gtk_single_selection_get_selected (self->selection);
  g_autofree char *text = NULL;

  if (self->needle == NULL)
    text = g_strdup ("");
  else if (n == 0)
    text = g_strdup (self->idle != 0 ? "…" : _ ("No match"));
  else if (current == GTK_INVALID_LIST_POSITION)
    text = g_strdup_printf (ngettext ("%u match", "%u matches", n), n);
  else
    /* TRANSLATORS: which match of how many, as in 3 of 12. */
    text = g_strdup_printf (_ ("%u of %u"), current + 1, n);
  gtk_label_set_label (self->count, text);
  gtk_widget_set_visible (self->scroller, n > 0);
  gtk_widget_set_sensitive (self->previous, n > 0);
  gtk_widget_set_sensitive (self->next, n > 0);
}

static void
mark_on_canvas (HeddleFindBar *self)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  for (guint i = 0; i < get_n_matches (self); i++)
    {
      g_autoptr (HeddleFindMatch) match = g_list_model_get_item (G_LIST_MODEL (self->matches), i);

      g_ptr_array_add (ids, (gpointer) heddle_find_match_get_id (match));
    }
  g_ptr_array_add (ids, NULL);
  heddle_canvas_set_found (self->canvas, (const char *const *) ids->pdata);
}

/* The bar lies over the canvas, with a list that may still grow. */
static void
uncover_match (HeddleFindBar *self,
               const char *id)
{
  graphene_rect_t cover;

  if (!gtk_widget_compute_bounds (GTK_WIDGET (self), GTK_WIDGET (self->canvas), &cover))
    return;
  cover.size.height = MAX (cover.size.height, BAR_HEIGHT + MIN (get_n_matches (self) * ROW_HEIGHT, LIST_HEIGHT));
  heddle_canvas_uncover (self->canvas, id, &cover);
}

/* On the canvas; the keyboard stays here. */
static void
show_match (HeddleFindBar *self,
            guint position)
{
  g_autoptr (HeddleFindMatch) match = g_list_model_get_item (G_LIST_MODEL (self->matches), position);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (match == NULL)
    return;
  gtk_single_selection_set_selected (self->selection, position);
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
  heddle_canvas_reveal (self->canvas, heddle_find_match_get_id (match));
  uncover_match (self, heddle_find_match_get_id (match));
  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    gtk_widget_grab_focus (focus);
  update_count (self);
}

static void
take_matches (HeddleFindBar *self,
              GPtrArray *found)
{
  if (found->len == 0)
    return;
  g_list_store_splice (self->matches, get_n_matches (self), 0, found->pdata, found->len);
  if (self->go_on_found)
    show_match (self, 0);
  self->go_on_found = FALSE;
}

static void
search_annotations (HeddleFindBar *self,
                    HeddleGraph *graph,
                    GPtrArray *found)
{
  for (guint i = 0; i < heddle_graph_get_n_annotations (graph); i++)
    heddle_find_in_annotation (self->needle, heddle_graph_get_annotation (graph, i), found);
}

static gboolean
search_cb (gpointer user_data)
{
  HeddleFindBar *self = user_data;
  HeddleGraph *graph = heddle_document_get_graph (heddle_canvas_get_document (self->canvas));
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_object_unref);
  guint end = MIN (self->reached + SLICE, heddle_graph_get_n_nodes (graph));
  gboolean is_over = end == heddle_graph_get_n_nodes (graph);

  for (; self->reached < end; self->reached++)
    heddle_find_in_node (self->needle, heddle_graph_get_node (graph, self->reached), self->trace, found);
  if (is_over)
    {
      search_annotations (self, graph, found);
      self->idle = 0;
    }
  take_matches (self, found);
  if (is_over)
    mark_on_canvas (self);
  update_count (self);
  return is_over ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static void
restart (HeddleFindBar *self,
         gboolean go_on_found)
{
  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_pointer (&self->needle, heddle_find_needle_free);
  g_list_store_remove_all (self->matches);
  heddle_canvas_set_found (self->canvas, NULL);
  self->needle = heddle_find_needle_new (gtk_editable_get_text (GTK_EDITABLE (self->search)));
  self->reached = 0;
  self->go_on_found = go_on_found;
  if (self->needle != NULL)
    self->idle = g_idle_add (search_cb, self);
  update_count (self);
}

/* What it found may be gone. */
static void
document_changed_cb (HeddleFindBar *self,
                     const HeddleChange *change)
{
  if ((change->flags & ~(HEDDLE_CHANGE_LAYOUT | HEDDLE_CHANGE_META)) != 0)
    restart (self, FALSE);
}

static void
search_changed_cb (HeddleFindBar *self)
{
  restart (self, TRUE);
}

void
heddle_find_bar_step (HeddleFindBar *self,
                      gboolean forward)
{
  guint n, current;

  g_return_if_fail (HEDDLE_IS_FIND_BAR (self));

  n = get_n_matches (self);
  current = gtk_single_selection_get_selected (self->selection);
  if (n == 0)
    return;
  if (current == GTK_INVALID_LIST_POSITION)
    show_match (self, forward ? 0 : n - 1);
  else
    show_match (self, forward ? (current + 1) % n : (current + n - 1) % n);
}

static void
next_cb (HeddleFindBar *self)
{
  heddle_find_bar_step (self, TRUE);
}

static void
previous_cb (HeddleFindBar *self)
{
  heddle_find_bar_step (self, FALSE);
}

static void
search_activate_cb (HeddleFindBar *self)
{
  heddle_find_bar_step (self, TRUE);
}

static void
search_stop_cb (HeddleFindBar *self)
{
  heddle_find_bar_close (self, TRUE);
}

static void
close_cb (HeddleFindBar *self)
{
  heddle_find_bar_close (self, FALSE);
}

static void
activate_cb (HeddleFindBar *self,
             guint position)
{
  g_autoptr (HeddleFindMatch) match = g_list_model_get_item (G_LIST_MODEL (self->matches), position);

  show_match (self, position);
  g_signal_emit (self, signals[OPEN_MATCH], 0, heddle_find_match_get_id (match), heddle_find_match_get_param (match));
}

void
heddle_find_bar_set_trace (HeddleFindBar *self,
                           HeddleTrace *trace)
{
  g_return_if_fail (HEDDLE_IS_FIND_BAR (self));

  if (g_set_object (&self->trace, trace) && gtk_widget_get_visible (GTK_WIDGET (self)))
    restart (self, FALSE);
}

void
heddle_find_bar_open (HeddleFindBar *self)
{
  g_return_if_fail (HEDDLE_IS_FIND_BAR (self));

  if (!gtk_widget_get_visible (GTK_WIDGET (self)))
    {
      heddle_canvas_get_view (self->canvas, &self->zoom, &self->x, &self->y);
      g_clear_pointer (&self->selected, g_strfreev);
      self->selected = heddle_canvas_get_selection (self->canvas);
      self->document_handler = g_signal_connect_swapped (heddle_canvas_get_document (self->canvas), "changed", G_CALLBACK (document_changed_cb), self);
      gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
      restart (self, FALSE);
    }
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
  gtk_editable_select_region (GTK_EDITABLE (self->search), 0, -1);
}

static void
forget (HeddleFindBar *self)
{
  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_pointer (&self->needle, heddle_find_needle_free);
  g_list_store_remove_all (self->matches);
  if (self->document_handler != 0)
    g_signal_handler_disconnect (heddle_canvas_get_document (self->canvas), self->document_handler);
  self->document_handler = 0;
}

void
heddle_find_bar_close (HeddleFindBar *self,
                       gboolean restore)
{
  g_return_if_fail (HEDDLE_IS_FIND_BAR (self));

  if (!gtk_widget_get_visible (GTK_WIDGET (self)))
    return;
  forget (self);
  heddle_canvas_set_found (self->canvas, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  if (restore)
    {
      heddle_canvas_select (self->canvas, (const char *const *) self->selected);
      heddle_canvas_set_view (self->canvas, self->zoom, self->x, self->y);
    }
  gtk_widget_grab_focus (GTK_WIDGET (self->canvas));
}

/* Rows */

static void
setup_cb (GtkListItemFactory *factory,
          GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *excerpt = heddle_label_new ("", NULL);
  GtkWidget *place = heddle_label_new ("", "caption");

  gtk_label_set_ellipsize (GTK_LABEL (excerpt), PANGO_ELLIPSIZE_END);
  gtk_label_set_ellipsize (GTK_LABEL (place), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (place, "dim-label");
  gtk_box_append (GTK_BOX (box), excerpt);
  gtk_box_append (GTK_BOX (box), place);
  gtk_list_item_set_child (item, box);
}

static void
bind_cb (GtkListItemFactory *factory,
         GtkListItem *item)
{
  GtkWidget *excerpt = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  HeddleFindMatch *match = gtk_list_item_get_item (item);
  g_autofree char *place = g_strdup_printf ("%s · %s", heddle_find_match_get_title (match), heddle_find_match_get_field (match));

  gtk_label_set_markup (GTK_LABEL (excerpt), heddle_find_match_get_markup (match));
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_next_sibling (excerpt)), place);
}

static gboolean
step_key_cb (GtkWidget *widget,
             GVariant *args,
             gpointer user_data)
{
  heddle_find_bar_step (HEDDLE_FIND_BAR (widget), g_variant_get_boolean (args));
  return TRUE;
}

static gboolean
close_key_cb (GtkWidget *widget,
              GVariant *args,
              gpointer user_data)
{
  heddle_find_bar_close (HEDDLE_FIND_BAR (widget), TRUE);
  return TRUE;
}

/* Before the entry takes the key as its own activation. */
static gboolean
entry_key_cb (GtkEventControllerKey *controller,
              guint key,
              guint code,
              GdkModifierType modifiers,
              HeddleFindBar *self)
{
  gboolean is_enter = key == GDK_KEY_Return || key == GDK_KEY_KP_Enter;

  if (!is_enter || (modifiers & GDK_SHIFT_MASK) == 0)
    return GDK_EVENT_PROPAGATE;
  heddle_find_bar_step (self, FALSE);
  return GDK_EVENT_STOP;
}

GtkWidget *
heddle_find_bar_new (HeddleCanvas *canvas)
{
  HeddleFindBar *self = g_object_new (HEDDLE_TYPE_FIND_BAR, NULL);

  self->canvas = canvas;
  return GTK_WIDGET (self);
}

static void
heddle_find_bar_dispose (GObject *object)
{
  HeddleFindBar *self = HEDDLE_FIND_BAR (object);

  if (self->matches != NULL && self->canvas != NULL)
    forget (self);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->selection);
  g_clear_object (&self->matches);
  g_clear_object (&self->trace);
  G_OBJECT_CLASS (heddle_find_bar_parent_class)->dispose (object);
}

static void
heddle_find_bar_finalize (GObject *object)
{
  g_strfreev (HEDDLE_FIND_BAR (object)->selected);
  G_OBJECT_CLASS (heddle_find_bar_parent_class)->finalize (object);
}

static void
heddle_find_bar_class_init (HeddleFindBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_find_bar_dispose;
  G_OBJECT_CLASS (klass)->finalize = heddle_find_bar_finalize;
  signals[OPEN_MATCH] = g_signal_new ("open-match", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/find/heddle-find-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleFindBar, box);
  gtk_widget_class_bind_template_child (widget_class, HeddleFindBar, search);
  gtk_widget_class_bind_template_child (widget_class, HeddleFindBar, count);
  gtk_widget_class_bind_template_child (widget_class, HeddleFindBar, previous);
  gtk_widget_class_bind_template_child (widget_class, HeddleFindBar, next);
  gtk_widget_class_bind_template_child (widget_class, HeddleFindBar, scroller);
  gtk_widget_class_bind_template_child (widget_class, HeddleFindBar, list);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
  gtk_widget_class_bind_template_callback (widget_class, previous_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F3, 0, step_key_cb, "b", TRUE);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F3, GDK_SHIFT_MASK, step_key_cb, "b", FALSE);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, close_key_cb, NULL);
}

static void
heddle_find_bar_init (HeddleFindBar *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  self->matches = g_list_store_new (HEDDLE_TYPE_FIND_MATCH);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->matches)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (entry_key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->search), keys);
}
