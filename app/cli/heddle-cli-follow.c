/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-follow.h"

#include <glib-unix.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/heddle-cli-ask.h"
#include "cli/heddle-cli-trace.h"

/* How long a run is followed by learning from it. */
#define MEMORY_WAIT_MS (30 * 1000)

typedef struct
{
  const HeddleCliFollow *follow;
  GMainLoop *loop;
  HeddleRun *run;
  HeddleTrace *trace;
  HeddleCliTrace *view;
  HeddleCliAsk *ask;   /* or NULL */
  gboolean is_unasked; /* nobody can be asked, which has to be said */
  guint interrupts;
} Session;

static gboolean
can_ask (void)
{
  return isatty (STDIN_FILENO) && isatty (STDERR_FILENO);
}

gboolean
heddle_cli_follow_check_breaks (GError **error)
{
  if (can_ask ())
    return TRUE;
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("--break stops the run to ask what next, which takes a terminal for standard input and standard error. Run it in one, or leave --break out."));
  return FALSE;
}

HeddleAsking
heddle_cli_follow_get_asking (HeddleAsking wanted)
{
  return wanted == HEDDLE_ASKING_PEOPLE && !can_ask () ? HEDDLE_ASKING_LATER : wanted;
}

/* FALSE: nobody reads them any more. */
static gboolean
print_events (GPtrArray *events)
{
  for (guint i = 0; i < events->len; i++)
    {
      g_autoptr (JsonNode) node = heddle_event_to_json (g_ptr_array_index (events, i));
      g_autofree char *line = heddle_json_to_text (node, HEDDLE_JSON_COMPACT);

      g_print ("%s\n", line);
    }
  return fflush (stdout) == 0;
}

/* Once: what is refused is told by the trace. */
static void
say_that_nobody_is_asked (Session *session,
                          GPtrArray *events)
{
  for (guint i = 0; session->is_unasked && i < events->len; i++)
    {
      HeddleEvent *event = g_ptr_array_index (events, i);
      g_autoptr (JsonNode) questions = NULL;

      if (event->kind != HEDDLE_EVENT_RUN_ASKED)
        continue;
      questions = heddle_run_dup_questions (session->run);
      session->is_unasked = FALSE;
      if (json_array_get_length (json_node_get_array (questions)) > 0)
        g_printerr (_ ("The run waits for a person. Answer it from another terminal with “heddle answer %s”.\n"), heddle_run_get_id (session->run));
      else
        g_printerr ("%s\n", _ ("The workflow asks a person, and there is no terminal to ask on, so nothing is approved. Say --approve all to allow what tools ask, or --approve none to refuse it."));
    }
}

static void
events_cb (HeddleRun *run,
           GPtrArray *events,
           gpointer user_data)
{
  Session *session = user_data;
  HeddleEvent *last = g_ptr_array_index (events, events->len - 1);

  heddle_trace_apply (session->trace, events);
  if (session->follow->form == HEDDLE_CLI_EVENTS && !print_events (events))
    heddle_run_cancel (session->run);
  heddle_cli_trace_update (session->view, events);
  say_that_nobody_is_asked (session, events);
  if (session->follow->events != NULL)
    session->follow->events (run, events, session->follow->data);
  if (session->ask != NULL)
    heddle_cli_ask_update (session->ask, events);
  if (last->kind == HEDDLE_EVENT_RUN_FINISHED)
    g_main_loop_quit (session->loop);
}

static gboolean
tick_cb (gpointer user_data)
{
  Session *session = user_data;

  heddle_cli_trace_tick (session->view);
  return G_SOURCE_CONTINUE;
}

/* The first Ctrl+C cancels properly; the second leaves at once. */
static gboolean
interrupt_cb (gpointer user_data)
{
  Session *session = user_data;

  if (session->interrupts++ > 0)
    _exit (HEDDLE_EXIT_CANCELLED);
  heddle_run_cancel (session->run);
  return G_SOURCE_CONTINUE;
}

static void
follow (Session *session)
{
  guint ticker = heddle_cli_trace_is_interactive (session->view) ? g_timeout_add (100, tick_cb, session) : 0;
  guint interrupt = g_unix_signal_add (SIGINT, interrupt_cb, session);
  guint terminate = g_unix_signal_add (SIGTERM, interrupt_cb, session);
  guint hang_up = g_unix_signal_add (SIGHUP, interrupt_cb, session);
  guint subscription = heddle_run_subscribe (session->run, NULL, heddle_cli_trace_is_interactive (session->view) ? 16 : 0,
                                             events_cb, session, NULL);

  heddle_cli_trace_start (session->view, heddle_plan_get_name (heddle_run_get_plan (session->run)));
  g_main_loop_run (session->loop);
  heddle_cli_trace_finish (session->view);
  heddle_run_unsubscribe (session->run, subscription);
  g_source_remove (hang_up);
  g_source_remove (terminate);
  g_source_remove (interrupt);
  if (ticker != 0)
    g_source_remove (ticker);
}

static void
print_output (JsonNode *output,
              HeddleCliForm form)
{
  if (form == HEDDLE_CLI_JSON || (form == HEDDLE_CLI_TEXT && !heddle_json_is_string (output)))
    heddle_cli_print_json (output, HEDDLE_JSON_PRETTY);
  else if (form == HEDDLE_CLI_TEXT)
    g_print ("%s\n", json_node_get_string (output));
}

static void
say_how_to_go_on (Session *session)
{
  if (!session->follow->unstored)
    g_printerr (_ ("Stopped. What had finished is kept: “heddle fork %s” does the rest.\n"), heddle_run_get_id (session->run));
}

static int
report (Session *session)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) output = heddle_run_dup_output (session->run, &error);

  if (heddle_run_get_state (session->run) == HEDDLE_RUN_CANCELLED)
    {
      say_how_to_go_on (session);
      return HEDDLE_EXIT_CANCELLED;
    }
  if (output == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  print_output (output, session->follow->form);
  return HEDDLE_EXIT_OK;
}

static void
write_failed_cb (HeddleStore *store,
                 const GError *error,
                 gpointer user_data)
{
  heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
}

/* The result is as good as ever when the disk is full, but the run will not be found later. */
static void
warn_when_unrecorded (HeddleStore *store)
{
  if (heddle_store_flush (store))
    return;
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_printerr ("%s\n", _ ("The run could not be recorded, so “heddle traces” will not show all of it."));
}

/* What was said is written down by now; learning from it may take a while longer than a person wants to wait. */
static void
wait_for_memory (HeddleMemory *memory)
{
  if (heddle_memory_get_n_pending (memory) == 0)
    return;
  if (isatty (STDERR_FILENO))
    g_printerr ("%s\n", _ ("Remembering what was said…"));
  if (!heddle_memory_wait (memory, MEMORY_WAIT_MS))
    g_printerr ("%s\n", _ ("What was said is not remembered yet. It is kept, and tried again with the next run that remembers."));
}

int
heddle_cli_follow (HeddleServices *services,
                   HeddleRun *run,
                   const HeddleCliFollow *options)
{
  gboolean asks_people = options->asking == HEDDLE_ASKING_PEOPLE;
  Session session = { .follow = options, .run = run, .is_unasked = asks_people && !can_ask () };
  int status;

  session.loop = g_main_loop_new (NULL, FALSE);
  session.trace = heddle_trace_new (heddle_run_get_id (run), heddle_run_get_started (run));
  session.view = heddle_cli_trace_new (session.trace, heddle_run_get_plan (run), options->form == HEDDLE_CLI_EVENTS && isatty (STDOUT_FILENO));
  session.ask = (asks_people || options->breaks) && can_ask () ? heddle_cli_ask_new (services->engine, run, session.view) : NULL;
  if (services->store != NULL)
    g_signal_connect (services->store, "write-failed", G_CALLBACK (write_failed_cb), NULL);
  follow (&session);
  status = report (&session);
  if (services->memory != NULL)
    wait_for_memory (services->memory);
  if (services->store != NULL)
    warn_when_unrecorded (services->store);
  g_clear_pointer (&session.ask, heddle_cli_ask_free);
  heddle_cli_trace_free (session.view);
  g_object_unref (session.trace);
  g_main_loop_unref (session.loop);
  return status;
}
