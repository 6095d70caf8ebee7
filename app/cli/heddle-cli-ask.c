/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-ask.h"

#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

#include "cli/heddle-cli-question.h"
#include "cli/heddle-cli.h"

/* A line of the terminal. */
#define MAX_LINE 4096

struct _HeddleCliAsk
{
  HeddleRun *run;
  HeddleCliTrace *view; /* borrowed */
  JsonNode *question;   /* the one that is asked, or NULL */
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

static const char *
get_id (JsonNode *question)
{
  return heddle_json_get_string (question, "id", "");
}

static void
stop_asking (HeddleCliAsk *self)
{
  if (self->source != 0)
    g_source_remove (self->source);
  self->source = 0;
  g_clear_pointer (&self->question, json_node_unref);
  heddle_cli_trace_release (self->view);
}

void
heddle_cli_ask_free (HeddleCliAsk *self)
{
  stop_asking (self);
  g_object_unref (self->run);
  g_free (self);
}

static void
prompt (HeddleCliAsk *self)
{
  g_printerr ("%s ", heddle_cli_question_get_prompt (self->question));
}

static void
take_line (HeddleCliAsk *self, const char *line)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = NULL;
  g_auto (HeddleCliReply) reply = { 0 };

  if (heddle_cli_question_read_line (self->question, line, &reply, &error) && heddle_cli_question_make_answer (self->question, &reply, &answer, &error) &&
      heddle_run_answer (self->run, get_id (self->question), answer, &error))
    {
      stop_asking (self);
      return;
    }
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
  self->question = json_node_ref (question);
  heddle_cli_trace_hold (self->view);
  heddle_cli_question_print (question);
  prompt (self);
  self->source = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, readable_cb, self);
}

static JsonNode *
find (JsonArray *questions, const char *id)
{
  for (guint i = 0; i < json_array_get_length (questions); i++)
    {
      JsonNode *question = json_array_get_element (questions, i);

      if (id == NULL || strcmp (get_id (question), id) == 0)
        return question;
    }
  return NULL;
}

void
heddle_cli_ask_update (HeddleCliAsk *self)
{
  g_autoptr (JsonNode) questions = heddle_run_dup_questions (self->run);
  JsonNode *first;

  if (self->question != NULL && find (json_node_get_array (questions), get_id (self->question)) == NULL)
    {
      g_printerr ("\n");
      stop_asking (self);
    }
  first = find (json_node_get_array (questions), NULL);
  if (self->question == NULL && first != NULL)
    ask (self, first);
}
