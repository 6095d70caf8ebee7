/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-active-popover.h"

#include "common/heddle-widgets.h"
#include "window/heddle-active-rows.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_REQUESTS 50
#define EVERYWHERE "0.0.0.0"
#define HIDDEN_TOKEN "TOKEN"
#define WIDTH 420 /* as its template says */
#define MAX_HEIGHT 560

struct _HeddleActivePopover
{
  GtkPopover parent_instance;

  GtkScrolledWindow *scroller;
  GtkSwitch *active_switch;
  GtkLabel *message_label;
  GtkWidget *calls_group;
  GtkListBox *calls_list;
  GtkWidget *starts_group;
  GtkListBox *starts_list;
  GtkWidget *requests_group;
  GtkListBox *requests_list;
  GtkSpinButton *port_spin;
  GtkSwitch *open_switch;

  const HeddleServices *services; /* borrowed */
  HeddleSession *session;         /* or NULL */
  GPtrArray *requests;            /* of HeddleServerRequest, the newest last; of all workflows */
  gboolean is_active;
  gboolean shows_token;
  gboolean updating;
  char *refusal; /* why it was not made active, or NULL */
};

enum
{
  CHANGED,
  RUN_ACTIVATED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HeddleActivePopover, heddle_active_popover, GTK_TYPE_POPOVER)

static void
show_message (HeddleActivePopover *self)
{
  HeddleServer *server = self->services->server;
  const char *problem = server != NULL && self->session != NULL
                          ? heddle_server_get_problem (server, heddle_session_get_workflow_id (self->session))
                          : NULL;
  const char *text = self->refusal;

  if (text == NULL && self->is_active)
    text = problem != NULL ? problem : heddle_server_get_message (server);
  gtk_label_set_label (self->message_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->message_label), text != NULL);
}

static void fill_calls (HeddleActivePopover *self);

static void
show_token_cb (HeddleActivePopover *self)
{
  self->shows_token = !self->shows_token;
  fill_calls (self);
}

static void
regenerate_cb (HeddleActivePopover *self)
{
  heddle_server_regenerate_token (self->services->server);
}

static void
add_button (HeddleActivePopover *self, GtkWidget *row, const char *icon_name, const char *tooltip, GCallback callback)
{
  GtkWidget *button = heddle_flat_button_new (icon_name, tooltip);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_object (button, "clicked", callback, self, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

static GtkWidget *
token_row_new (HeddleActivePopover *self, const char *token)
{
  GtkWidget *row = heddle_active_row_new (_ ("Token"), self->shows_token ? token : "••••••••••••••••", token);

  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 2);
  add_button (self, row, self->shows_token ? "view-conceal-symbolic" : "view-reveal-symbolic",
              self->shows_token ? _ ("Hide the token") : _ ("Show the token"), G_CALLBACK (show_token_cb));
  add_button (self, row, "view-refresh-symbolic", _ ("Make a new token; the old one is refused from then on"), G_CALLBACK (regenerate_cb));
  return row;
}

/* The token is in what is copied, and in what is shown only when it is asked for. */
static GtkWidget *
curl_row_new (HeddleActivePopover *self, const char *url, const char *token)
{
  HeddleGraph *graph = heddle_session_get_graph (self->session);
  g_autofree char *shown = heddle_active_make_curl (graph, url, self->shows_token && token != NULL ? token : HIDDEN_TOKEN);
  g_autofree char *text = heddle_active_make_curl (graph, url, token != NULL ? token : HIDDEN_TOKEN);
  GtkWidget *row = heddle_active_row_new (_ ("In a terminal"), shown, text);

  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 6);
  gtk_widget_add_css_class (row, "active-code");
  return row;
}

static void
fill_calls (HeddleActivePopover *self)
{
  HeddleServer *server = self->services->server;
  const char *url = heddle_server_get_url (server);
  const char *token = heddle_server_get_token (server);
  gboolean shown = self->is_active && url != NULL;
  g_autofree char *slug = NULL;
  g_autofree char *address = NULL;

  heddle_list_box_clear (self->calls_list);
  gtk_widget_set_visible (self->calls_group, shown);
  if (!shown)
    return;
  slug = heddle_make_slug (heddle_graph_get_name (heddle_session_get_graph (self->session)));
  address = g_strdup_printf ("%s/v1/workflows/%s/run", url, slug);
  gtk_list_box_append (self->calls_list, heddle_active_row_new (_ ("URL"), NULL, address));
  if (token != NULL)
    gtk_list_box_append (self->calls_list, token_row_new (self, token));
  gtk_list_box_append (self->calls_list, curl_row_new (self, url, token));
}

static GtkWidget *
start_row_new (HeddleActivePopover *self, const HeddleNode *node, const char *url)
{
  g_autofree char *slug = heddle_make_slug (heddle_graph_get_name (heddle_session_get_graph (self->session)));

  if (node->type == NULL)
    return NULL;
  if (strcmp (node->type->id, "schedule") == 0)
    return heddle_active_schedule_row_new (node);
  if (strcmp (node->type->id, "webhook") == 0 && url != NULL)
    return heddle_active_webhook_row_new (node, url, slug);
  return NULL;
}

static void
fill_starts (HeddleActivePopover *self)
{
  HeddleGraph *graph = self->session != NULL ? heddle_session_get_graph (self->session) : NULL;
  guint n_rows = 0;

  heddle_list_box_clear (self->starts_list);
  for (guint i = 0; graph != NULL && i < heddle_graph_get_n_nodes (graph); i++)
    {
      GtkWidget *row = start_row_new (self, heddle_graph_get_node (graph, i), heddle_server_get_url (self->services->server));

      if (row == NULL)
        continue;
      gtk_list_box_append (self->starts_list, row);
      n_rows++;
    }
  gtk_widget_set_visible (self->starts_group, n_rows > 0);
}

static void
fill_requests (HeddleActivePopover *self)
{
  const char *workflow = self->session != NULL ? heddle_session_get_workflow_id (self->session) : "";

  heddle_list_box_clear (self->requests_list);
  for (guint i = self->requests->len; i > 0; i--)
    {
      const HeddleServerRequest *request = g_ptr_array_index (self->requests, i - 1);

      /* What was refused before it was known for whom is shown, too. */
      if (request->workflow == NULL || strcmp (request->workflow, workflow) == 0)
        gtk_list_box_append (self->requests_list, heddle_active_request_row_new (request));
    }
  gtk_widget_set_visible (self->requests_group, self->is_active);
}

static void
fill_settings (HeddleActivePopover *self)
{
  g_auto (HeddleServerSettings) settings = { 0 };

  heddle_server_load_settings (self->services->store, &settings);
  gtk_spin_button_set_value (self->port_spin, settings.port);
  gtk_switch_set_active (self->open_switch, settings.address != NULL);
}

static void
update (HeddleActivePopover *self)
{
  gboolean was_active = self->is_active;

  if (self->services == NULL || self->services->server == NULL)
    return;
  self->is_active = self->session != NULL && heddle_is_active (self->services->store, heddle_session_get_workflow_id (self->session));
  self->updating = TRUE;
  gtk_switch_set_active (self->active_switch, self->is_active);
  self->updating = FALSE;
  show_message (self);
  fill_calls (self);
  fill_starts (self);
  fill_requests (self);
  heddle_scroller_fit_height (self->scroller, WIDTH, MAX_HEIGHT);
  if (self->is_active != was_active)
    g_signal_emit (self, signals[CHANGED], 0);
}

/* The server runs as long as anything is active. */
static void
follow_activations (HeddleActivePopover *self)
{
  HeddleServer *server = self->services->server;
  g_autoptr (GPtrArray) active = heddle_store_list_activations (self->services->store, NULL);

  if (active != NULL && active->len == 0)
    heddle_server_stop (server);
  else if (heddle_server_get_state (server) == HEDDLE_SERVER_STOPPED)
    heddle_server_start (server);
  else
    heddle_server_refresh (server);
}

/* What is on the screen is what is served: it is saved first. */
static void
set_active (HeddleActivePopover *self, gboolean active)
{
  const char *workflow = heddle_session_get_workflow_id (self->session);
  g_autoptr (GError) error = NULL;
  gboolean done;

  if (active)
    heddle_session_save (self->session);
  done = active ? heddle_activate (self->services->store, workflow, NULL, &error) : heddle_deactivate (self->services->store, workflow, &error);
  g_free (self->refusal);
  self->refusal = done ? NULL : g_strdup (error->message);
  if (done)
    follow_activations (self);
  update (self);
}

static gboolean
state_set_cb (HeddleActivePopover *self, gboolean state)
{
  if (self->updating || self->session == NULL)
    return GDK_EVENT_PROPAGATE;
  set_active (self, state);
  gtk_switch_set_state (self->active_switch, self->is_active);
  return GDK_EVENT_STOP;
}

static void
apply_cb (HeddleActivePopover *self)
{
  HeddleServerSettings settings = {
    .port = gtk_spin_button_get_value_as_int (self->port_spin),
    .address = gtk_switch_get_active (self->open_switch) ? (char *) EVERYWHERE : NULL,
  };
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->refusal, g_free);
  if (!heddle_server_save_settings (self->services->store, &settings, &error))
    self->refusal = g_strdup (error->message);
  heddle_server_stop (self->services->server);
  follow_activations (self);
  update (self);
}

static void
request_activated_cb (HeddleActivePopover *self, GtkListBoxRow *row)
{
  const char *run = g_object_get_data (G_OBJECT (row), "heddle-run");

  if (run == NULL)
    return;
  g_signal_emit (self, signals[RUN_ACTIVATED], 0, run);
  gtk_popover_popdown (GTK_POPOVER (self));
}

static void
request_cb (HeddleActivePopover *self, const HeddleServerRequest *request)
{
  if (self->requests->len >= MAX_REQUESTS)
    g_ptr_array_remove_index (self->requests, 0);
  g_ptr_array_add (self->requests, heddle_server_request_copy (request));
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      fill_requests (self);
      heddle_scroller_fit_height (self->scroller, WIDTH, MAX_HEIGHT);
    }
}

static void
map_cb (HeddleActivePopover *self)
{
  update (self);
  fill_settings (self);
}

gboolean
heddle_active_popover_is_active (HeddleActivePopover *self)
{
  g_return_val_if_fail (HEDDLE_IS_ACTIVE_POPOVER (self), FALSE);

  return self->is_active;
}

void
heddle_active_popover_set_session (HeddleActivePopover *self, HeddleSession *session)
{
  g_return_if_fail (HEDDLE_IS_ACTIVE_POPOVER (self));

  if (!g_set_object (&self->session, session))
    return;
  g_clear_pointer (&self->refusal, g_free);
  update (self);
}

void
heddle_active_popover_set_services (HeddleActivePopover *self, const HeddleServices *services)
{
  g_return_if_fail (HEDDLE_IS_ACTIVE_POPOVER (self));

  self->services = services;
  if (services->server == NULL)
    return;
  g_signal_connect_object (services->server, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (services->server, "request", G_CALLBACK (request_cb), self, G_CONNECT_SWAPPED);
}

GtkWidget *
heddle_active_popover_new (void)
{
  return g_object_new (HEDDLE_TYPE_ACTIVE_POPOVER, NULL);
}

static void
heddle_active_popover_finalize (GObject *object)
{
  HeddleActivePopover *self = HEDDLE_ACTIVE_POPOVER (object);

  g_clear_object (&self->session);
  g_ptr_array_unref (self->requests);
  g_free (self->refusal);
  G_OBJECT_CLASS (heddle_active_popover_parent_class)->finalize (object);
}

static void
heddle_active_popover_class_init (HeddleActivePopoverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = heddle_active_popover_finalize;
  signals[CHANGED] = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[RUN_ACTIVATED] = g_signal_new ("run-activated", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/window/heddle-active-popover.ui");
  gtk_widget_class_bind_template_child (widget_class, HeddleActivePopover, scroller);
  gtk_widget_class_bind_template_child (widget_class, HeddleActivePopover, active_switch);
  gtk_widget_class_bind_template_child (widget_class, HeddleActivePopover, message_label);
  gtk_widget_class_bind_template_child (widget_class, HeddleActivePopover, calls_group);
  gtk_widget_class_bind_template_child (widget_class, HeddleActivePopover, calls_list);
  gtk_widget_class_bind_template_child (widget_class, HeddleActivePopover, starts_group);
  gtk_widget_class_bind_template_child (widget_class, HeddleActivePopover, starts_list);
  gtk_widget_class_bind_template_child (widget_class, HeddleActivePopover, requests_group);
  gtk_widget_class_bind_template_child (widget_class, HeddleActivePopover, requests_list);
  gtk_widget_class_bind_template_child (widget_class, HeddleActivePopover, port_spin);
  gtk_widget_class_bind_template_child (widget_class, HeddleActivePopover, open_switch);
  gtk_widget_class_bind_template_callback (widget_class, state_set_cb);
  gtk_widget_class_bind_template_callback (widget_class, request_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, apply_cb);
}

static void
heddle_active_popover_init (HeddleActivePopover *self)
{
  GtkWidget *placeholder = heddle_label_new (_ ("Nobody has called yet."), "dim-label");

  gtk_widget_init_template (GTK_WIDGET (self));
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) heddle_server_request_free);
  gtk_widget_add_css_class (placeholder, "list-placeholder");
  gtk_list_box_set_placeholder (self->requests_list, placeholder);
  g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);
}
