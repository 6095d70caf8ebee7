/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialogs/heddle-preferences-private.h"

#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define HEDDLE_TYPE_PREFERENCES_SERVERS (heddle_preferences_servers_get_type ())
G_DECLARE_FINAL_TYPE (HeddlePreferencesServers, heddle_preferences_servers, HEDDLE, PREFERENCES_SERVERS, AdwPreferencesPage)

struct _HeddlePreferencesServers
{
  AdwPreferencesPage parent_instance;

  AdwPreferencesGroup *servers;
  AdwPreferencesGroup *report;
  AdwActionRow *outcome;
  GtkSpinner *spinner;
  GtkWidget *stop;
  AdwExpanderRow *tools;
  AdwExpanderRow *log_row;
  GtkTextView *log;
  AdwPreferencesGroup *form;
  GtkEditable *name;
  AdwComboRow *transport;
  GtkEditable *command;
  GtkEditable *env;
  GtkEditable *url;
  GtkEditable *credential;
  GtkSpinButton *timeout;
  GtkWidget *cancel;
  GtkButton *save;

  const HeddleServices *services;
  GPtrArray *rows;      /* borrowed widgets */
  GPtrArray *tool_rows; /* borrowed widgets */
  char *edited;         /* name of the server in the form, or NULL for a new one */
  HeddleHttp *http;
  HeddleMcpClient *client; /* being tested, or NULL */
  GCancellable *testing;   /* or NULL */
};

G_DEFINE_FINAL_TYPE (HeddlePreferencesServers, heddle_preferences_servers, ADW_TYPE_PREFERENCES_PAGE)

/* A server may answer when the window has gone, and its rows with it. */
static gboolean
is_closed (HeddlePreferencesServers *self)
{
  return self->servers == NULL;
}

static void
transport_changed_cb (HeddlePreferencesServers *self)
{
  gboolean is_http = adw_combo_row_get_selected (self->transport) == HEDDLE_MCP_HTTP_TRANSPORT;

  gtk_widget_set_visible (GTK_WIDGET (self->command), !is_http);
  gtk_widget_set_visible (GTK_WIDGET (self->env), !is_http);
  gtk_widget_set_visible (GTK_WIDGET (self->url), is_http);
  gtk_widget_set_visible (GTK_WIDGET (self->credential), is_http);
}

static void
show_form (HeddlePreferencesServers *self)
{
  gboolean is_new = self->edited == NULL;

  adw_preferences_group_set_title (self->form, is_new ? _ ("Add a Server") : _ ("Edit the Server"));
  gtk_button_set_label (self->save, is_new ? _ ("_Add") : _ ("_Save"));
  gtk_widget_set_visible (self->cancel, !is_new);
}

static void
clear_form (HeddlePreferencesServers *self)
{
  GtkEditable *const entries[] = { self->name, self->command, self->env, self->url, self->credential };

  g_clear_pointer (&self->edited, g_free);
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    gtk_editable_set_text (entries[i], "");
  gtk_spin_button_set_value (self->timeout, HEDDLE_MCP_DEFAULT_TIMEOUT);
  show_form (self);
}

/* Only where it is needed: what people read is what they would type. */
static char *
quote (const char *word)
{
  return *word != '\0' && strpbrk (word, " \t\"'\\$`#&|;<>()*?~") == NULL ? g_strdup (word) : g_shell_quote (word);
}

static char *
command_to_text (char **command)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (char **word = command; *word != NULL; word++)
    {
      g_autofree char *quoted = quote (*word);

      g_string_append_printf (text, "%s%s", text->len == 0 ? "" : " ", quoted);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
env_to_text (GPtrArray *env)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < env->len; i++)
    {
      const HeddleMcpVariable *variable = g_ptr_array_index (env, i);

      g_ptr_array_add (words, g_strconcat (variable->name, "=", variable->credential != NULL ? "@" : "",
                                           variable->credential != NULL ? variable->credential : variable->value, NULL));
    }
  g_ptr_array_add (words, NULL);
  return command_to_text ((char **) words->pdata);
}

static gboolean
read_command (HeddlePreferencesServers *self, HeddleMcpServerInfo *info, GError **error)
{
  g_autofree char *text = heddle_preferences_dup_text (self->command);
  char **command = NULL;

  /* An empty one is found by the check of the whole. */
  if (*text == '\0')
    return TRUE;
  if (!g_shell_parse_argv (text, NULL, &command, error))
    return FALSE;
  g_strfreev (info->command);
  info->command = command;
  return TRUE;
}

static gboolean
read_env (HeddlePreferencesServers *self, HeddleMcpServerInfo *info, GError **error)
{
  g_autofree char *text = heddle_preferences_dup_text (self->env);
  g_auto (GStrv) words = NULL;

  if (*text == '\0')
    return TRUE;
  if (!g_shell_parse_argv (text, NULL, &words, error))
    return FALSE;
  for (char **word = words; *word != NULL; word++)
    {
      char *value = strchr (*word, '=');

      if (value == NULL)
        {
          g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("“%s” has no “=”. Write each variable as NAME=value."), *word);
          return FALSE;
        }
      *value++ = '\0';
      heddle_mcp_server_info_add_variable (info, *word, *value == '@' ? NULL : value, *value == '@' ? value + 1 : NULL);
    }
  return TRUE;
}

static HeddleMcpServerInfo *
read_form (HeddlePreferencesServers *self, GError **error)
{
  g_autofree char *name = heddle_preferences_dup_text (self->name);
  g_autofree char *credential = heddle_preferences_dup_text (self->credential);
  g_autoptr (HeddleMcpServerInfo) info = heddle_mcp_server_info_new (name, adw_combo_row_get_selected (self->transport));

  info->timeout = gtk_spin_button_get_value_as_int (self->timeout);
  if (info->transport == HEDDLE_MCP_HTTP_TRANSPORT)
    {
      info->url = heddle_preferences_dup_text (self->url);
      info->credential = *credential == '\0' ? NULL : g_steal_pointer (&credential);
    }
  else if (!read_command (self, info, error) || !read_env (self, info, error))
    {
      return NULL;
    }
  return g_steal_pointer (&info);
}

static void
fill_form (HeddlePreferencesServers *self, const HeddleMcpServerInfo *info)
{
  g_autofree char *command = command_to_text (info->command);
  g_autofree char *env = env_to_text (info->env);

  g_free (self->edited);
  self->edited = g_strdup (info->name);
  heddle_editable_set_text (self->name, info->name);
  adw_combo_row_set_selected (self->transport, info->transport);
  heddle_editable_set_text (self->command, command);
  heddle_editable_set_text (self->env, env);
  heddle_editable_set_text (self->url, info->url);
  heddle_editable_set_text (self->credential, info->credential);
  gtk_spin_button_set_value (self->timeout, info->timeout);
  show_form (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->name));
}

/* Recursive: each row leads to a new list. */
static void reload_servers (HeddlePreferencesServers *self);

static void
remove_cb (HeddlePreferencesServers *self, GtkButton *button)
{
  const char *name = heddle_preferences_get_name (button);
  g_autoptr (GError) error = NULL;

  if (g_strcmp0 (self->edited, name) == 0)
    clear_form (self);
  if (!heddle_mcp_servers_remove (self->services->mcp_servers, name, &error))
    heddle_preferences_tell (self, error->message);
  reload_servers (self);
}

static void
edit_cb (HeddlePreferencesServers *self, GtkButton *button)
{
  g_autoptr (HeddleMcpServerInfo) info = heddle_mcp_servers_lookup (self->services->mcp_servers, heddle_preferences_get_name (button));

  if (info != NULL)
    fill_form (self, info);
}

static void
remove_tool_rows (HeddlePreferencesServers *self)
{
  for (guint i = 0; i < self->tool_rows->len; i++)
    adw_expander_row_remove (self->tools, g_ptr_array_index (self->tool_rows, i));
  g_ptr_array_set_size (self->tool_rows, 0);
}

static void
show_tools (HeddlePreferencesServers *self, JsonArray *tools)
{
  guint n_tools = json_array_get_length (tools);
  g_autofree char *count = g_strdup_printf (ngettext ("%u tool", "%u tools", n_tools), n_tools);

  for (guint i = 0; i < n_tools; i++)
    {
      JsonNode *tool = json_array_get_element (tools, i);
      GtkWidget *row = heddle_plain_row_new (heddle_json_get_string (tool, "name", ""), heddle_json_get_string (tool, "description", ""));

      adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 3);
      adw_expander_row_add_row (self->tools, row);
      g_ptr_array_add (self->tool_rows, row);
    }
  adw_expander_row_set_subtitle (self->tools, count);
  gtk_widget_set_visible (GTK_WIDGET (self->tools), TRUE);
}

static void
show_log (HeddlePreferencesServers *self)
{
  g_autofree char *log = heddle_mcp_client_dup_log (self->client);

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->log), log, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->log_row), *log != '\0');
}

static void
end_test (HeddlePreferencesServers *self, const char *title, const char *subtitle)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->outcome), title);
  adw_action_row_set_subtitle (self->outcome, subtitle);
  gtk_spinner_stop (self->spinner);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), FALSE);
  gtk_widget_set_visible (self->stop, FALSE);
  show_log (self);
}

static void
show_success (HeddlePreferencesServers *self)
{
  g_autoptr (JsonNode) description = heddle_mcp_client_describe (self->client);
  g_autofree char *title = g_strdup_printf (_ ("%s works"), heddle_mcp_client_get_info (self->client)->name);
  g_autofree char *subtitle = NULL;

  /* Translators: name and version of a server, then the version of the protocol that it speaks. */
  subtitle = g_strdup_printf (_ ("%s %s, protocol of %s"), heddle_json_get_string (description, "server_name", _ ("unnamed")),
                              heddle_json_get_string (description, "server_version", ""), heddle_json_get_string (description, "protocol_version", ""));
  end_test (self, title, subtitle);
}

static void
tested_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (HeddlePreferencesServers) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) tools = heddle_mcp_client_list_tools_finish (HEDDLE_MCP_CLIENT (source), result, &error);

  if (is_closed (self) || HEDDLE_MCP_CLIENT (source) != self->client)
    return;
  if (tools != NULL)
    {
      show_success (self);
      show_tools (self, json_node_get_array (tools));
    }
  else
    {
      const HeddleErrorDetail *detail = heddle_error_detail (error);

      end_test (self, error->message, detail != NULL && detail->hint != NULL ? detail->hint : "");
    }
  g_clear_object (&self->testing);
  g_clear_object (&self->client);
}

static void
stop_cb (HeddlePreferencesServers *self)
{
  if (self->testing != NULL)
    g_cancellable_cancel (self->testing);
}

static void
begin_test (HeddlePreferencesServers *self, const HeddleMcpServerInfo *info)
{
  g_autofree char *title = g_strdup_printf (_ ("Connecting to %s…"), info->name);

  stop_cb (self);
  g_clear_object (&self->testing);
  g_clear_object (&self->client);
  remove_tool_rows (self);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->outcome), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->outcome), title);
  adw_action_row_set_subtitle (self->outcome, "");
  gtk_widget_set_visible (GTK_WIDGET (self->tools), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->log_row), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), TRUE);
  gtk_widget_set_visible (self->stop, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->report), TRUE);
  gtk_spinner_start (self->spinner);
  self->testing = g_cancellable_new ();
  self->client = heddle_mcp_servers_try (self->services->mcp_servers, info, self->http);
  heddle_mcp_client_list_tools_async (self->client, self->testing, tested_cb, g_object_ref (self));
}

static void
test_cb (HeddlePreferencesServers *self, GtkButton *button)
{
  g_autoptr (HeddleMcpServerInfo) info = heddle_mcp_servers_lookup (self->services->mcp_servers, heddle_preferences_get_name (button));

  if (info != NULL)
    begin_test (self, info);
}

static void
add_server_row (HeddlePreferencesServers *self, const HeddleMcpServerInfo *info)
{
  g_autofree char *command = command_to_text (info->command);
  GtkWidget *row = heddle_plain_row_new (info->name, info->transport == HEDDLE_MCP_HTTP_TRANSPORT ? info->url : command);

  heddle_preferences_add_button (row, "network-transmit-receive-symbolic", _ ("Connect and list the tools"), info->name, G_CALLBACK (test_cb), self);
  heddle_preferences_add_button (row, "document-edit-symbolic", _ ("Edit this server"), info->name, G_CALLBACK (edit_cb), self);
  heddle_preferences_add_button (row, "user-trash-symbolic", _ ("Delete this server"), info->name, G_CALLBACK (remove_cb), self);
  adw_preferences_group_add (self->servers, row);
  g_ptr_array_add (self->rows, row);
}

static void
add_empty_row (HeddlePreferencesServers *self)
{
  GtkWidget *row = heddle_plain_row_new (_ ("No servers yet"), _ ("Add one below, for example npx -y @modelcontextprotocol/server-everything."));

  gtk_widget_add_css_class (row, "dim-label");
  adw_preferences_group_add (self->servers, row);
  g_ptr_array_add (self->rows, row);
}

static void
reload_servers (HeddlePreferencesServers *self)
{
  g_autoptr (GPtrArray) infos = NULL;

  if (is_closed (self))
    return;
  infos = heddle_mcp_servers_list (self->services->mcp_servers);
  heddle_preferences_remove_rows (self->servers, self->rows);
  for (guint i = 0; i < infos->len; i++)
    add_server_row (self, g_ptr_array_index (infos, i));
  if (infos->len == 0)
    add_empty_row (self);
}

/* A new one is tried at once: a mistake shows where it was made. */
static void
save_cb (HeddlePreferencesServers *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleMcpServerInfo) info = read_form (self, &error);

  if (info == NULL || !heddle_mcp_servers_replace (self->services->mcp_servers, self->edited, info, &error))
    {
      heddle_preferences_tell (self, error->message);
      return;
    }
  clear_form (self);
  reload_servers (self);
  begin_test (self, info);
}

GtkWidget *
heddle_preferences_servers_new (const HeddleServices *services)
{
  HeddlePreferencesServers *self = g_object_new (HEDDLE_TYPE_PREFERENCES_SERVERS, NULL);

  self->services = services;
  g_signal_connect (self, "map", G_CALLBACK (reload_servers), NULL);
  return GTK_WIDGET (self);
}

static void
heddle_preferences_servers_dispose (GObject *object)
{
  HeddlePreferencesServers *self = HEDDLE_PREFERENCES_SERVERS (object);

  stop_cb (self);
  g_clear_object (&self->testing);
  g_clear_object (&self->client);
  gtk_widget_dispose_template (GTK_WIDGET (object), HEDDLE_TYPE_PREFERENCES_SERVERS);
  G_OBJECT_CLASS (heddle_preferences_servers_parent_class)->dispose (object);
}

static void
heddle_preferences_servers_finalize (GObject *object)
{
  HeddlePreferencesServers *self = HEDDLE_PREFERENCES_SERVERS (object);

  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->tool_rows);
  heddle_http_unref (self->http);
  g_free (self->edited);
  G_OBJECT_CLASS (heddle_preferences_servers_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesServers, servers);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesServers, report);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesServers, outcome);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesServers, spinner);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesServers, stop);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesServers, tools);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesServers, log_row);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesServers, log);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesServers, form);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesServers, name);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesServers, transport);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesServers, command);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesServers, env);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesServers, url);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesServers, credential);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesServers, timeout);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesServers, cancel);
  gtk_widget_class_bind_template_child (widget_class, HeddlePreferencesServers, save);
}

static void
heddle_preferences_servers_class_init (HeddlePreferencesServersClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = heddle_preferences_servers_dispose;
  G_OBJECT_CLASS (klass)->finalize = heddle_preferences_servers_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/heddle/Heddle/dialogs/heddle-preferences-servers.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, transport_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_form);
  gtk_widget_class_bind_template_callback (widget_class, save_cb);
}

static void
heddle_preferences_servers_init (HeddlePreferencesServers *self)
{
  self->rows = g_ptr_array_new ();
  self->tool_rows = g_ptr_array_new ();
  self->http = heddle_http_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  show_form (self);
}
