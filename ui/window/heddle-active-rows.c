/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window/heddle-active-rows.h"

#include "common/heddle-widgets.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define N_TIMES 5

static void
copy_cb (GtkButton *button, gpointer user_data)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (button)), g_object_get_data (G_OBJECT (button), "heddle-text"));
}

GtkWidget *
heddle_active_row_new (const char *title, const char *shown, const char *text)
{
  GtkWidget *row = heddle_plain_row_new (title, shown != NULL ? shown : text);
  GtkWidget *button = heddle_flat_button_new ("edit-copy-symbolic", _ ("Copy"));

  g_object_set_data_full (G_OBJECT (button), "heddle-text", g_strdup (text), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (copy_cb), NULL);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static char *
format_time (gint64 time, const char *format)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);

  return g_date_time_format (local, format);
}

GtkWidget *
heddle_active_request_row_new (const HeddleServerRequest *request)
{
  g_autofree char *time = format_time (request->time / G_USEC_PER_SEC, "%X");
  g_autofree char *duration = heddle_format_duration (request->duration);
  g_autofree char *title = g_strdup_printf ("%s %s", request->method, request->path);
  g_autofree char *subtitle = g_strdup_printf ("%s · %u · %s", time, request->status, duration);
  GtkWidget *row = heddle_plain_row_new (title, subtitle);
  GtkWidget *icon = gtk_image_new_from_icon_name (request->status < 400 ? "object-select-symbolic" : "dialog-warning-symbolic");

  gtk_widget_add_css_class (icon, request->status < 400 ? "success" : "warning");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  if (request->run == NULL)
    return row;
  g_object_set_data_full (G_OBJECT (row), "heddle-run", g_strdup (request->run), g_free);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_set_tooltip_text (row, _ ("Show this run"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  return row;
}

GtkWidget *
heddle_active_webhook_row_new (const HeddleNode *node, const char *url, const char *slug)
{
  const char *path = heddle_params_get_string (node->params, "path", "");
  g_autofree char *address = g_strdup_printf ("%s/hooks/%s", url, *path != '\0' ? path : slug);

  return heddle_active_row_new (heddle_node_get_title (node), NULL, address);
}

static char *
list_times (HeddleCron *cron, GTimeZone *zone)
{
  GString *text = g_string_new (NULL);
  gint64 time = g_get_real_time () / G_USEC_PER_SEC;

  for (guint i = 0; i < N_TIMES; i++)
    {
      g_autofree char *shown = NULL;

      time = heddle_cron_next (cron, zone, time);
      if (time == HEDDLE_CRON_NEVER)
        break;
      shown = format_time (time, "%a %x %H:%M");
      g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", shown);
    }
  return g_string_free (text, FALSE);
}

GtkWidget *
heddle_active_schedule_row_new (const HeddleNode *node)
{
  g_autoptr (HeddleCron) cron = heddle_cron_new (heddle_params_get_string (node->params, "cron", "0 9 * * 1-5"), NULL);
  g_autoptr (GTimeZone) zone = heddle_cron_new_zone (heddle_params_get_string (node->params, "timezone", ""), NULL);
  g_autofree char *title = cron != NULL ? heddle_cron_describe (cron) : g_strdup (heddle_node_get_title (node));
  g_autofree char *times = cron != NULL && zone != NULL ? list_times (cron, zone) : g_strdup (_ ("This schedule has a problem."));
  GtkWidget *row = heddle_plain_row_new (title, times);

  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), N_TIMES);
  return row;
}

static JsonNode *
find_fields (HeddleGraph *graph)
{
  for (guint i = 0; i < heddle_graph_get_n_nodes (graph); i++)
    {
      const HeddleNode *node = heddle_graph_get_node (graph, i);

      if (node->type != NULL && strcmp (node->type->id, "input") == 0)
        return heddle_params_dup_value (node->type, node->params, "fields");
    }
  return NULL;
}

/* Something of the right kind to be replaced. */
static JsonNode *
create_example (JsonNode *field)
{
  const char *type = heddle_json_get_string (field, "type", "text");
  JsonArray *choices = heddle_json_get_array (field, "choices");

  if (strcmp (type, "number") == 0)
    return heddle_json_int (1);
  if (strcmp (type, "boolean") == 0)
    return heddle_json_boolean (TRUE);
  if (strcmp (type, "choice") == 0 && choices != NULL && json_array_get_length (choices) > 0)
    return json_node_ref (json_array_get_element (choices, 0));
  return heddle_json_string (strcmp (type, "json") == 0 ? "{}" : "…");
}

static char *
create_body (HeddleGraph *graph)
{
  g_autoptr (JsonNode) fields = find_fields (graph);
  JsonArray *list = fields != NULL && JSON_NODE_HOLDS_ARRAY (fields) ? json_node_get_array (fields) : NULL;
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) body = NULL;

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      JsonNode *field = json_array_get_element (list, i);

      json_object_set_member (object, heddle_json_get_string (field, "name", ""), create_example (field));
    }
  body = heddle_json_object (object);
  return heddle_json_to_text (body, HEDDLE_JSON_COMPACT);
}

char *
heddle_active_make_curl (HeddleGraph *graph, const char *url, const char *token)
{
  g_autofree char *slug = heddle_make_slug (heddle_graph_get_name (graph));
  g_autofree char *body = create_body (graph);
  g_autofree char *quoted = g_shell_quote (body);

  return g_strdup_printf ("curl -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' -d %s %s/v1/workflows/%s/run", token,
                          quoted, url, slug);
}
