/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-ask.h"

#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

#include "cli/heddle-cli-text.h"
#include "cli/heddle-cli.h"

/* A line of the terminal. */
#define MAX_LINE 4096

struct _HeddleCliAsk
{
  HeddleRun *run;
  HeddleCliTrace *view; /* borrowed */
  char *question;       /* id of the one that is asked, or NULL */
  gboolean is_approval;
  guint source;
};

HeddleCliAsk *
heddle_cli_ask_new (HeddleRun *run,
                    HeddleCliTrace *view)
{
  HeddleCliAsk *self = g_new0 (HeddleCliAsk, 1);

  self->run = g_object_ref (run);
  self->view = view;
  return self;
}

static void
stop_asking (HeddleCliAsk *self)
{
  if (self->source != 0)
    g_source_remove (self->source);
  self->source = 0;
  g_clear_pointer (&self->question, g_free);
  heddle_cli_trace_release (self->view);
}

void
heddle_cli_ask_free (HeddleCliAsk *self)
{
  stop_asking (self);
  g_object_unref (self->run);
  g_free (self);
}

static JsonNode *
make_approval (gboolean approve, JsonNode *arguments, const char *reason)
{
  JsonObject *answer = json_object_new ();

  json_object_set_boolean_member (answer, "approve", approve);
  if (arguments != NULL)
    json_object_set_member (answer, "arguments", json_node_ref (arguments));
  if (*reason != '\0')
    json_object_set_member (answer, "reason", heddle_json_string (reason));
  return heddle_json_object (answer);
}

static gboolean
is_no (const char *line)
{
  return g_ascii_strcasecmp (line, "n") == 0 || g_ascii_strcasecmp (line, "no") == 0;
}

/* "y", "n", "n because…", or a JSON object: the arguments in place of the given ones. NULL: none of these. */
static JsonNode *
read_approval (const char *line)
{
  g_autoptr (JsonNode) arguments = *line == '{' ? heddle_json_parse (line, -1, NULL) : NULL;

  if (arguments != NULL && JSON_NODE_HOLDS_OBJECT (arguments))
    return make_approval (TRUE, arguments, "");
  if (g_ascii_strcasecmp (line, "y") == 0 || g_ascii_strcasecmp (line, "yes") == 0)
    return make_approval (TRUE, NULL, "");
  if (is_no (line))
    return make_approval (FALSE, NULL, "");
  if (g_ascii_strncasecmp (line, "n ", 2) == 0)
    return make_approval (FALSE, NULL, line + 2);
  return NULL;
}

static void
prompt (HeddleCliAsk *self)
{
  if (self->is_approval)
    g_printerr ("%s ", _ ("y: approve, n and a reason: refuse, or other arguments as JSON:"));
  else
    g_printerr ("%s ", _ ("Answer as JSON, or n to decline:"));
}

static void
take_line (HeddleCliAsk *self, const char *line)
{
  g_autoptr (GError) error = NULL;
  gboolean declines = !self->is_approval && is_no (line);
  g_autoptr (JsonNode) answer = NULL;

  if (self->is_approval)
    answer = read_approval (line);
  else if (!declines)
    answer = heddle_json_parse (line, -1, &error);
  if ((answer != NULL || declines) && heddle_run_answer (self->run, self->question, answer, &error))
    {
      stop_asking (self);
      return;
    }
  if (error != NULL)
    g_printerr ("%s\n", error->message);
  if (g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND))
    stop_asking (self);
  else
    prompt (self);
}

/* The terminal hands over whole lines. Without any more, nobody is there. */
static gboolean
readable_cb (int fd, GIOCondition condition, gpointer data)
{
  HeddleCliAsk *self = data;
  char line[MAX_LINE];
  gssize length = read (fd, line, sizeof line - 1);

  if (length <= 0)
    {
      self->source = 0;
      heddle_run_cancel (self->run);
      return G_SOURCE_REMOVE;
    }
  line[length] = '\0';
  g_strstrip (line);
  if (self->question == NULL)
    return G_SOURCE_CONTINUE;
  take_line (self, line);
  return self->source != 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
ask (HeddleCliAsk *self, JsonNode *question)
{
  JsonNode *arguments = heddle_json_member (question, "arguments");
  g_autofree char *shown = arguments != NULL ? heddle_json_to_text (arguments, HEDDLE_JSON_PRETTY) : NULL;
  g_autofree char *title = heddle_cli_encode (heddle_json_get_string (question, "title", ""));
  g_autofree char *text = heddle_cli_encode (heddle_json_get_string (question, "text", ""));
  g_autofree char *safe = heddle_cli_encode (shown != NULL ? shown : "");

  self->question = g_strdup (heddle_json_get_string (question, "id", ""));
  self->is_approval = strcmp (heddle_json_get_string (question, "kind", ""), "approval") == 0;
  heddle_cli_trace_hold (self->view);
  g_printerr ("\n%s\n%s\n%s\n", title, text, safe);
  prompt (self);
  self->source = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, readable_cb, self);
}

static JsonNode *
find (JsonArray *questions, const char *id)
{
  for (guint i = 0; i < json_array_get_length (questions); i++)
    {
      JsonNode *question = json_array_get_element (questions, i);

      if (id == NULL || strcmp (heddle_json_get_string (question, "id", ""), id) == 0)
        return question;
    }
  return NULL;
}

void
heddle_cli_ask_update (HeddleCliAsk *self)
{
  g_autoptr (JsonNode) questions = heddle_run_dup_questions (self->run);
  JsonNode *first;

  if (self->question != NULL && find (json_node_get_array (questions), self->question) == NULL)
    {
      g_printerr ("\n");
      stop_asking (self);
    }
  first = find (json_node_get_array (questions), NULL);
  if (self->question == NULL && first != NULL)
    ask (self, first);
}
