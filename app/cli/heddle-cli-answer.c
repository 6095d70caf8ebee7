/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-follow.h"
#include "cli/heddle-cli-question.h"
#include "cli/heddle-cli-wait.h"

#include <string.h>

/* How long the process that has the run is given; it looks once a second. */
#define TAKE_TRIES 100
#define TRY_MS 100
/* After which a run has asked again what an answer did not do for. */
#define AGAIN_MS 300

typedef struct
{
  gboolean approve;
  gboolean refuse;
  gboolean retry;
  gboolean skip;
  gboolean fail;
  char *done;
  char *value;
  char *reason;
  char **fields;
  char *output;
} Options;

/* An answer on its way to a run that asks again once it goes on. */
typedef struct
{
  JsonNode *question; /* as it was before; NULL: what is in doubt, which was not asked then */
  const char *node;   /* that is in doubt; NULL: any */
  JsonNode *answer;   /* or NULL */
  gboolean is_given;
} Delivery;

static void
options_clear (Options *options)
{
  g_free (options->done);
  g_free (options->value);
  g_free (options->reason);
  g_strfreev (options->fields);
  g_free (options->output);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* The one verb that was said; "" when none was, NULL with error when several were. */
static const char *
find_verb (const Options *options, GError **error)
{
  const struct
  {
    gboolean is_said;
    const char *verb;
  } verbs[] = {
    { options->approve, "approve" },
    { options->refuse, "refuse" },
    { options->retry, "retry" },
    { options->done != NULL, "done" },
    { options->skip, "skip" },
    { options->fail, "fail" },
  };
  const char *found = "";

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      if (!verbs[i].is_said)
        continue;
      if (*found != '\0')
        {
          g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("--%s and --%s cannot both be said. Choose one."), found, verbs[i].verb);
          return NULL;
        }
      found = verbs[i].verb;
    }
  return found;
}

static gboolean
read_reply (const Options *options, HeddleCliReply *reply, GError **error)
{
  const char *value = options->done != NULL ? options->done : options->value;

  reply->verb = find_verb (options, error);
  if (reply->verb == NULL)
    return FALSE;
  if (value != NULL && (reply->value = heddle_json_parse (value, -1, error)) == NULL)
    return FALSE;
  reply->reason = g_strdup (options->reason);
  for (guint i = 0; options->fields != NULL && options->fields[i] != NULL; i++)
    {
      if (!heddle_cli_reply_add_field (reply, options->fields[i], error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_named (const HeddleQuestionInfo *info, const char *name)
{
  return name == NULL || strcmp (heddle_json_get_string (info->question, "id", ""), name) == 0 ||
         strcmp (heddle_json_get_string (info->question, "node", ""), name) == 0;
}

/* The question that is meant; NULL with error when there is none, or more than one. */
static const HeddleQuestionInfo *
choose (GPtrArray *questions, const char *run, const char *name, GError **error)
{
  const HeddleQuestionInfo *found = NULL;

  for (guint i = 0; i < questions->len; i++)
    {
      const HeddleQuestionInfo *info = g_ptr_array_index (questions, i);

      if (!is_named (info, name))
        continue;
      if (found != NULL)
        {
          g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("More than one question is open there. Name one; “heddle approvals %s” lists them."), run);
          return NULL;
        }
      found = info;
    }
  if (found == NULL)
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND, _ ("“%s” does not ask that. “heddle approvals” lists what is asked."), run);
  return found;
}

/* Whether the process that has the run took the answer; if it did not, the answer does not lie there any more. */
static gboolean
is_taken (HeddleStore *store, gint64 id)
{
  for (guint i = 0; i < TAKE_TRIES; i++)
    {
      if (!heddle_store_has_answer (store, id, FALSE))
        return TRUE;
      g_usleep (TRY_MS * 1000);
    }
  return !heddle_store_has_answer (store, id, TRUE);
}

/* What was wrong with the answer, when the node asks anew because of that. */
static char *
find_problem (HeddleStore *store, const HeddleQuestionInfo *info)
{
  g_autoptr (GPtrArray) questions = NULL;

  g_usleep (AGAIN_MS * 1000);
  questions = heddle_store_list_questions (store, info->run, NULL);
  for (guint i = 0; questions != NULL && i < questions->len; i++)
    {
      const HeddleQuestionInfo *again = g_ptr_array_index (questions, i);
      const char *problem = heddle_json_get_string (again->question, "problem", NULL);

      if (problem != NULL && again->asked > info->asked && is_named (again, heddle_json_get_string (info->question, "node", "")))
        return g_strdup (problem);
    }
  return NULL;
}

static int
leave (HeddleStore *store, const HeddleQuestionInfo *info, JsonNode *answer)
{
  g_autoptr (GError) error = NULL;
  gint64 id = heddle_store_leave_answer (store, info->run, heddle_json_get_string (info->question, "id", ""), answer, &error);
  g_autofree char *problem = NULL;

  if (id == 0)
    return heddle_cli_fail_request (error);
  if (!is_taken (store, id))
    return heddle_cli_fail (HEDDLE_EXIT_FAILED, _ ("The program that has the run does not take the answer. If it hangs, end it and answer again."));
  problem = find_problem (store, info);
  if (problem != NULL)
    return heddle_cli_fail (HEDDLE_EXIT_FAILED, problem);
  g_printerr ("%s\n", _ ("The run has the answer and goes on."));
  return HEDDLE_EXIT_OK;
}

/* The same node, at the same place, asks the same kind of thing. */
static gboolean
is_same (JsonNode *a, JsonNode *b)
{
  static const char *const members[] = { "kind", "node", "scope", "tool" };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      if (strcmp (heddle_json_get_string (a, members[i], ""), heddle_json_get_string (b, members[i], "")) != 0)
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_meant (const Delivery *delivery, JsonNode *question)
{
  if (delivery->question != NULL)
    return is_same (question, delivery->question);
  return strcmp (heddle_json_get_string (question, "kind", ""), "in-doubt") == 0 &&
         (delivery->node == NULL || strcmp (heddle_json_get_string (question, "node", ""), delivery->node) == 0);
}

static void
events_cb (HeddleRun *run, GPtrArray *events, gpointer data)
{
  Delivery *delivery = data;

  for (guint i = 0; !delivery->is_given && i < events->len; i++)
    {
      HeddleEvent *event = g_ptr_array_index (events, i);
      g_autoptr (GError) error = NULL;

      /* Events of before are told, too: what they ask is not open, and is not answered. */
      if (event->kind != HEDDLE_EVENT_RUN_ASKED || !is_meant (delivery, event->data))
        continue;
      delivery->is_given = heddle_run_answer (run, heddle_json_get_string (event->data, "id", ""), delivery->answer, &error);
      if (!delivery->is_given && !g_error_matches (error, HEDDLE_ERROR, HEDDLE_ERROR_NOT_FOUND))
        heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
    }
}

/* The run has no process: it goes on in this one. */
static int
go_on (HeddleServices *services, const char *id, Delivery *delivery, HeddleCliForm form)
{
  const HeddleRunOptions options = { .asking = heddle_cli_follow_get_asking (HEDDLE_ASKING_PEOPLE) };
  const HeddleCliFollow follow = { .form = form, .asking = HEDDLE_ASKING_PEOPLE, .events = events_cb, .data = delivery };
  g_auto (HeddleCliWait) wait = { 0 };
  g_autoptr (HeddleRun) run = NULL;
  g_autoptr (GError) error = NULL;

  heddle_cli_wait_init (&wait);
  heddle_engine_resume_async (services->engine, id, &options, NULL, heddle_cli_wait_cb, &wait);
  run = heddle_engine_resume_finish (services->engine, heddle_cli_wait_for (&wait), &error);
  if (run == NULL)
    return heddle_cli_fail_request (error);
  return heddle_cli_follow (services, run, &follow);
}

static int
answer_question (HeddleServices *services, const HeddleQuestionInfo *info, const HeddleCliReply *reply, HeddleCliForm form)
{
  Delivery delivery = { .question = info->question };
  g_autoptr (JsonNode) answer = NULL;
  g_autoptr (GError) error = NULL;

  if (*reply->verb == '\0')
    {
      heddle_cli_question_print (info->question);
      return heddle_cli_fail (HEDDLE_EXIT_USAGE, _ ("Nothing was answered. “heddle answer --help” shows what can be said."));
    }
  if (!heddle_cli_question_make_answer (info->question, reply, &answer, &error) || !heddle_question_check_answer (info->question, answer, &error))
    return heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
  delivery.answer = answer;
  return info->is_running ? leave (services->store, info, answer) : go_on (services, info->run, &delivery, form);
}

/* A node that was at it when its process went has asked nothing yet; NULL: this is about none. */
static char *
find_in_doubt (HeddleStore *store, const char *run, const HeddleCliReply *reply)
{
  HeddleRunInfo *info = NULL;
  g_autoptr (GPtrArray) events = NULL;
  char *id = NULL;

  if (*reply->verb == '\0' || strcmp (reply->verb, "approve") == 0 || strcmp (reply->verb, "refuse") == 0)
    return NULL;
  events = heddle_store_load_run (store, run, &info, NULL, NULL);
  if (events != NULL && info->state == HEDDLE_RUN_INTERRUPTED && info->n_doubts > 0)
    id = g_strdup (info->id);
  heddle_run_info_free (info);
  return id;
}

static int
answer_in_doubt (HeddleServices *services, const char *run, const char *name, const HeddleCliReply *reply, HeddleCliForm form)
{
  g_autoptr (JsonNode) answer = heddle_cli_reply_make_decision (reply);
  Delivery delivery = { .node = name, .answer = answer };

  return go_on (services, run, &delivery, form);
}

static int
answer_run (const char *run, const char *name, const Options *options)
{
  static const char *const forms[] = { "text", "json", "events", NULL }; /* as HeddleCliForm */
  g_auto (HeddleCliReply) reply = { 0 };
  g_autoptr (HeddleServices) services = NULL;
  g_autoptr (GPtrArray) questions = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *in_doubt = NULL;
  const HeddleQuestionInfo *info;
  int form;

  if (!heddle_cli_parse_word (options->output, forms, "--output", &form, &error) || !read_reply (options, &reply, &error))
    return heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
  services = heddle_services_new (HEDDLE_SERVICES_ALL, &error);
  questions = services != NULL ? heddle_store_list_questions (services->store, run, &error) : NULL;
  if (questions == NULL)
    return heddle_cli_fail_error (HEDDLE_EXIT_FAILED, error);
  in_doubt = questions->len == 0 ? find_in_doubt (services->store, run, &reply) : NULL;
  if (in_doubt != NULL)
    return answer_in_doubt (services, in_doubt, name, &reply, form);
  info = choose (questions, run, name, &error);
  return info != NULL ? answer_question (services, info, &reply, form) : heddle_cli_fail_error (HEDDLE_EXIT_USAGE, error);
}

int
heddle_cli_answer (int argc,
                   char **argv)
{
  g_auto (Options) options = { 0 };
  const GOptionEntry entries[] = {
    { "approve", 0, 0, G_OPTION_ARG_NONE, &options.approve, N_ ("Approve it"), NULL },
    { "refuse", 0, 0, G_OPTION_ARG_NONE, &options.refuse, N_ ("Refuse it"), NULL },
    { "reason", 0, 0, G_OPTION_ARG_STRING, &options.reason, N_ ("Why"), N_ ("TEXT") },
    { "value", 0, 0, G_OPTION_ARG_STRING, &options.value, N_ ("Approve this in place of what was asked about"), N_ ("JSON") },
    { "field", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.fields, N_ ("Fill in a field of the question"), N_ ("NAME=TEXT") },
    { "retry", 0, 0, G_OPTION_ARG_NONE, &options.retry, N_ ("What may have happened already: do it again"), NULL },
    { "done", 0, 0, G_OPTION_ARG_STRING, &options.done, N_ ("It was done, and this came of it"), N_ ("JSON") },
    { "skip", 0, 0, G_OPTION_ARG_NONE, &options.skip, N_ ("Go on without it"), NULL },
    { "fail", 0, 0, G_OPTION_ARG_NONE, &options.fail, N_ ("Let it count as failed"), NULL },
    { "output", 'o', 0, G_OPTION_ARG_STRING, &options.output, N_ ("What to print when the run goes on here: text (default), json or events"), N_ ("FORM") },
    { NULL }
  };
  int status;

  if (!heddle_cli_parse ("answer", entries, &argc, &argv, &status))
    return status;
  if (argc != 2 && argc != 3)
    return heddle_cli_fail_usage ("answer");
  return answer_run (argv[1], argc == 3 ? argv[2] : NULL, &options);
}
