/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "library/heddle-start-page.h"

#include "common/heddle-wrap-layout.h"
#include "library/heddle-workflow-card.h"
#include "run/heddle-past-runs.h"

#include <glib/gi18n-lib.h>

#define EXAMPLES_PATH "/org/heddle/Heddle/examples/"
#define MAX_RECENT 24

struct _HeddleStartPage
{
  GtkWidget parent_instance;

  GtkWidget *interrupted_bar;
  GtkLabel *interrupted_label;
  GtkWidget *scroller;
  GtkLabel *error_label;
  GtkWidget *recent_label;
  GtkFlowBox *recent;
  GtkFlowBox *examples;

  const HeddleServices *services;
  HeddlePastRuns *past_runs;
  GHashTable *workflows;     /* ids of all there are */
  GCancellable *cancellable; /* of the listing under way */
};

enum
{
  OPEN_WORKFLOW,
  OPEN_EXAMPLE,
  DELETE_WORKFLOW,
  OPEN_RUN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleStartPage, heddle_start_page, GTK_TYPE_WIDGET)

/* "Active · 5 nodes · 22 Nov, 14:03" */
static char *
describe (const HeddleWorkflowInfo *info, gboolean is_active)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (info->modified / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);
  /* Translators: day and time of the last change, see strftime(). */
  g_autofree char *time = g_date_time_format (local, _ ("%e %b, %H:%M"));
  g_autofree char *nodes = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u node", "%u nodes", info->n_nodes), info->n_nodes);

  g_strstrip (time);
  return is_active ? g_strdup_printf ("%s · %s · %s", _ ("Active"), nodes, time) : g_strdup_printf ("%s · %s", nodes, time);
}

static void
card_clicked_cb (GtkButton *button,
                 HeddleStartPage *self)
{
  g_signal_emit (self, signals[OPEN_WORKFLOW], 0, g_object_get_data (G_OBJECT (button), "heddle-id"));
}

static void
delete_action_cb (GSimpleAction *action,
                  GVariant *parameter,
                  gpointer user_data)
{
  GtkWidget *card = user_data;
  GtkWidget *page = gtk_widget_get_ancestor (card, HEDDLE_TYPE_START_PAGE);

  g_signal_emit (page, signals[DELETE_WORKFLOW], 0, g_object_get_data (G_OBJECT (card), "heddle-id"),
                 g_object_get_data (G_OBJECT (card), "heddle-name"));
}

static void
show_menu (GtkWidget *card,
           double x,
           double y)
{
  g_autoptr (GMenu) menu = g_menu_new ();
  GtkWidget *popover = g_object_get_data (G_OBJECT (card), "heddle-menu");
  const GdkRectangle at = { x, y, 1, 1 };

  if (popover == NULL)
    {
      g_menu_append (menu, _ ("_Delete"), "card.delete");
      popover = gtk_popover_menu_new_from_model (G_MENU_MODEL (menu));
      gtk_widget_set_parent (popover, card);
      gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
      g_object_set_data (G_OBJECT (card), "heddle-menu", popover);
      g_signal_connect_swapped (card, "destroy", G_CALLBACK (gtk_widget_unparent), popover);
    }
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), &at);
  gtk_popover_popup (GTK_POPOVER (popover));
}

static void
menu_pressed_cb (GtkGestureClick *gesture,
                 int n_press,
                 double x,
                 double y,
                 GtkWidget *card)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  show_menu (card, x, y);
}

static gboolean
menu_key_cb (GtkWidget *card,
             GVariant *arguments,
             gpointer user_data)
{
  show_menu (card, gtk_widget_get_width (card) / 2.0, gtk_widget_get_height (card) / 2.0);
  return GDK_EVENT_STOP;
}

static gboolean
delete_key_cb (GtkWidget *card,
               GVariant *arguments,
               gpointer user_data)
{
  gtk_widget_activate_action (card, "card.delete", NULL);
  return GDK_EVENT_STOP;
}

static void
add_card_menu (GtkWidget *card)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) action = g_simple_action_new ("delete", NULL);
  GtkGesture *gesture = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();

  g_signal_connect_object (action, "activate", G_CALLBACK (delete_action_cb), card, 0);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
  gtk_widget_insert_action_group (card, "card", G_ACTION_GROUP (group));
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), GDK_BUTTON_SECONDARY);
  g_signal_connect (gesture, "pressed", G_CALLBACK (menu_pressed_cb), card);
  gtk_widget_add_controller (card, GTK_EVENT_CONTROLLER (gesture));
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("Menu|<Shift>F10"),
                                                          gtk_callback_action_new (menu_key_cb, NULL, NULL)));
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Delete, 0),
                                                          gtk_callback_action_new (delete_key_cb, NULL, NULL)));
  gtk_widget_add_controller (card, keys);
}

static void
add_recent (HeddleStartPage *self,
            const HeddleWorkflowInfo *info)
{
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (info->json, -1, NULL);
  gboolean is_active = heddle_is_active (self->services->store, info->id);
  g_autofree char *subtitle = describe (info, is_active);
  const char *name = info->name[0] != '\0' ? info->name : _ ("Untitled");
  GtkWidget *card = heddle_workflow_card_new (graph, name, subtitle);

  if (is_active)
    gtk_widget_add_css_class (card, "is-active");
  g_object_set_data_full (G_OBJECT (card), "heddle-id", g_strdup (info->id), g_free);
  g_object_set_data_full (G_OBJECT (card), "heddle-name", g_strdup (name), g_free);
  g_signal_connect (card, "clicked", G_CALLBACK (card_clicked_cb), self);
  add_card_menu (card);
  gtk_flow_box_insert (self->recent, card, -1);
  gtk_widget_set_focusable (gtk_widget_get_parent (card), FALSE);
}

static void
clear (GtkFlowBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_flow_box_remove (box, child);
}

static void
show_error (HeddleStartPage *self,
            const GError *error)
{
  gtk_label_set_label (self->error_label, error != NULL ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), error != NULL);
}

/* The newest of which the workflow is still there, and how many there are; NULL: none. */
static const HeddleRunInfo *
find_interrupted (HeddleStartPage *self,
                  guint *n)
{
  GPtrArray *runs = heddle_past_runs_get_interrupted (self->past_runs);
  const HeddleRunInfo *newest = NULL;

  *n = 0;
  for (guint i = 0; i < runs->len; i++)
    {
      const HeddleRunInfo *info = g_ptr_array_index (runs, i);

      if (!g_hash_table_contains (self->workflows, info->workflow))
        continue;
      if (newest == NULL)
        newest = info;
      (*n)++;
    }
  return newest;
}

static void
update_interrupted (HeddleStartPage *self)
{
  g_autofree char *text = NULL;
  guint n;

  gtk_revealer_set_reveal_child (GTK_REVEALER (self->interrupted_bar), find_interrupted (self, &n) != NULL);
  if (n == 0)
    return;
  text = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u run was interrupted and can go on.", "%u runs were interrupted and can go on.", n), n);
  gtk_label_set_label (self->interrupted_label, text);
}

static void
look_cb (HeddleStartPage *self)
{
  guint n;
  const HeddleRunInfo *info = find_interrupted (self, &n);

  if (info != NULL)
    g_signal_emit (self, signals[OPEN_RUN], 0, info->workflow, info->id);
}

static void
list_cb (GObject *object,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (HeddleStartPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) workflows = NULL;

  workflows = heddle_store_list_workflows_finish (HEDDLE_STORE (object), result, &error);
  if (workflows == NULL)
    {
      if (!heddle_error_is_cancelled (error))
        show_error (self, error);
      return;
    }
  show_error (self, NULL);
  clear (self->recent);
  g_hash_table_remove_all (self->workflows);
  for (guint i = 0; i < workflows->len; i++)
    g_hash_table_add (self->workflows, g_strdup (((HeddleWorkflowInfo *) g_ptr_array_index (workflows, i))->id));
  heddle_past_runs_refresh (self->past_runs);
  for (guint i = 0; i < MIN (workflows->len, MAX_RECENT); i++)
    add_recent (self, g_ptr_array_index (workflows, i));
  gtk_widget_set_visible (self->recent_label, workflows->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->recent), workflows->len > 0);
}

void
heddle_start_page_refresh (HeddleStartPage *self)
{
  g_return_if_fail (HEDDLE_IS_START_PAGE (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  heddle_store_list_workflows_async (self->services->store, self->cancellable, list_cb, g_object_ref (self));
}

static void
example_clicked_cb (GtkButton *button,
                    HeddleStartPage *self)
{
  g_signal_emit (self, signals[OPEN_EXAMPLE], 0, g_object_get_data (G_OBJECT (button), "heddle-json"));
}

static void
add_example (HeddleStartPage *self,
             const char *file)
{
  g_autofree char *path = g_strconcat (EXAMPLES_PATH, file, NULL);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  const char *json = g_bytes_get_data (bytes, NULL);
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (json, g_bytes_get_size (bytes), NULL);
  GtkWidget *card;

  g_return_if_fail (graph != NULL);

  card = heddle_workflow_card_new (graph, heddle_graph_get_name (graph), heddle_graph_get_description (graph));
  g_object_set_data_full (G_OBJECT (card), "heddle-json", g_strndup (json, g_bytes_get_size (bytes)), g_free);
  g_signal_connect (card, "clicked", G_CALLBACK (example_clicked_cb), self);
  gtk_flow_box_insert (self->examples, card, -1);
  gtk_widget_set_focusable (gtk_widget_get_parent (card), FALSE);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
add_examples (HeddleStartPage *self)
{
  g_auto (GStrv) files = g_resources_enumerate_children (EXAMPLES_PATH, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  qsort (files, g_strv_length (files), sizeof *files, compare_names);
  for (guint i = 0; files[i] != NULL; i++)
    add_example (self, files[i]);
}

GtkWidget *
heddle_start_page_new (const HeddleServices *services)
{
  HeddleStartPage *self = g_object_new (HEDDLE_TYPE_START_PAGE, NULL);

  self->services = services;
  self->past_runs = heddle_past_runs_new (services->store, NULL);
  g_signal_connect_object (self->past_runs, "changed", G_CALLBACK (update_interrupted), self, G_CONNECT_SWAPPED);
  heddle_start_page_refresh (self);
  return GTK_WIDGET (self);
}

static void
heddle_start_page_dispose (GObject *object)
{
  HeddleStartPage *self = HEDDLE_START_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->past_runs);
  g_clear_pointer (&self->workflows, g_hash_table_unref);
  g_clear_pointer (&self->interrupted_bar, gtk_widget_unparent);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  G_OBJECT_CLASS (heddle_start_page_parent_class)->dispose (object);
}

static void
heddle_start_page_class_init (HeddleStartPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_start_page_dispose;
  signals[OPEN_WORKFLOW] = g_signal_new ("open-workflow", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[OPEN_EXAMPLE] = g_signal_new ("open-example", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[DELETE_WORKFLOW] = g_signal_new ("delete-workflow", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                           G_TYPE_STRING, G_TYPE_STRING);
  signals[OPEN_RUN] = g_signal_new ("open-run", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);

  g_type_ensure (HEDDLE_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/library/heddle-start-page.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleStartPage, interrupted_bar);
  gtk_widget_class_bind_template_child (widget_class, HeddleStartPage, interrupted_label);
  gtk_widget_class_bind_template_callback (widget_class, look_cb);
  gtk_widget_class_bind_template_child (widget_class, HeddleStartPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, HeddleStartPage, error_label);
  gtk_widget_class_bind_template_child (widget_class, HeddleStartPage, recent_label);
  gtk_widget_class_bind_template_child (widget_class, HeddleStartPage, recent);
  gtk_widget_class_bind_template_child (widget_class, HeddleStartPage, examples);
}

static void
heddle_start_page_init (HeddleStartPage *self)
{
  self->workflows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (self->recent_label, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->recent), FALSE);
  add_examples (self);
}
