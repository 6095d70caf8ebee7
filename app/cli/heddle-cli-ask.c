/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-ask.h"

#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

#include "cli/heddle-cli-break.h"
#include "cli/heddle-cli-question.h"
#include "cli/heddle-cli.h"

/* A line of the terminal. */
#define MAX_LINE 4096

struct _HeddleCliAsk
{
  HeddleEngine *engine;
  HeddleRun *run;
  HeddleCliTrace *view; /* borrowed */
  HeddleEvent *pause;   /* the run stands still before a node; or NULL */
  gboolean asks_pause;  /* what is to become of that is asked */
  JsonNode *question;   /* the one that is asked, or NULL */
  guint source;
};

HeddleCliAsk *
heddle_cli_ask_new (HeddleEngine *engine,
                    HeddleRun *run,
                    HeddleCliTrace *view)
{
  HeddleCliAsk *self = g_new0 (HeddleCliAsk, 1);

  self->engine = g_object_ref (engine);
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
  self->asks_pause = FALSE;
  g_clear_pointer (&self->question, json_node_unref);
  heddle_cli_trace_release (self->view);
}

void
heddle_cli_ask_free (HeddleCliAsk *self)
{
  stop_asking (self);
  g_clear_pointer (&self->pause, heddle_event_unref);
  g_object_unref (self->run);
  g_object_unref (self->engine);
  g_free (self);
}

static void
prompt (HeddleCliAsk *self)
{
  g_printerr ("%s ", self->asks_pause ? heddle_cli_break_get_prompt () : heddle_cli_question_get_prompt (self->question));
}

static void
go_on (HeddleCliAsk *self, HeddleCliBreak answer)
{
  switch (answer)
    {
    case HEDDLE_CLI_BREAK_CONTINUE:
      heddle_engine_continue (self->engine, self->run);
      break;
    case HEDDLE_CLI_BREAK_STEP:
      heddle_engine_step (self->engine, self->run);
      break;
    case HEDDLE_CLI_BREAK_QUIT:
    default:
      heddle_run_cancel (self->run);
      break;
    }
}

static void
take_break_line (HeddleCliAsk *self, const char *line)
{
  g_autoptr (GError) error = NULL;
  HeddleCliBreak answer;

  if (heddle_cli_break_read_line (line, &answer, &error))
    {
      g_clear_pointer (&self->pause, heddle_event_unref);
      stop_asking (self);
      go_on (self, answer);
      return;
    }
  g_printerr ("%s\n", error->message);
  prompt (self);
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
  if (self->asks_pause)
    take_break_line (self, line);
  else if (self->question != NULL)
    take_line (self, line);
  return self->source != 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
begin_asking (HeddleCliAsk *self)
{
  heddle_cli_trace_hold (self->view);
  if (self->asks_pause)
    heddle_cli_break_print (self->pause);
  else
    heddle_cli_question_print (self->question);
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

static void
take_pauses (HeddleCliAsk *self, GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++)
    {
      HeddleEvent *event = g_ptr_array_index (events, i);
      gboolean stands = event->kind == HEDDLE_EVENT_RUN_PAUSED && event->node != NULL;

      if (!stands && event->kind != HEDDLE_EVENT_RUN_UNPAUSED && event->kind != HEDDLE_EVENT_RUN_FINISHED)
        continue;
      g_clear_pointer (&self->pause, heddle_event_unref);
      self->pause = stands ? heddle_event_ref (event) : NULL;
    }
}

/* What is asked is settled in another way: by another program, or by the end of the run. */
static gboolean
is_settled (HeddleCliAsk *self, JsonArray *questions)
{
  return (self->asks_pause && self->pause == NULL) || (self->question != NULL && find (questions, get_id (self->question)) == NULL);
}

void
heddle_cli_ask_update (HeddleCliAsk *self, GPtrArray *events)
{
  g_autoptr (JsonNode) questions = heddle_run_dup_questions (self->run);
  JsonNode *first = find (json_node_get_array (questions), NULL);

  take_pauses (self, events);
  if (is_settled (self, json_node_get_array (questions)))
    {
      g_printerr ("\n");
      stop_asking (self);
    }
  if (self->asks_pause || self->question != NULL)
    return;
  self->question = first != NULL ? json_node_ref (first) : NULL;
  self->asks_pause = first == NULL && self->pause != NULL;
  if (first != NULL || self->asks_pause)
    begin_asking (self);
}
