/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-text.h"
#include "cli/heddle-cli-wait.h"
#include "cli/heddle-cli.h"

#include <glib-unix.h>
#include <unistd.h>

#define NAME_CELLS 24

static int
list_bases (HeddleKnowledge *knowledge)
{
  g_auto (HeddleCliWait) wait = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) bases = NULL;

  heddle_cli_wait_init (&wait);
  heddle_knowledge_list_async (knowledge, NULL, heddle_cli_wait_cb, &wait);
  bases = heddle_knowledge_list_finish (knowledge, heddle_cli_wait_for (&wait), &error);
  if (bases == NULL)
    return heddle_cli_fail_request (error);
  for (guint i = 0; i < bases->len; i++)
    {
      const HeddleKnowledgeInfo *info = g_ptr_array_index (bases, i);
      const char *model = info->embedding_model != NULL ? info->embedding_model : _ ("keywords only");
      g_autofree char *name = heddle_cli_pad (info->name, NAME_CELLS);

      g_print (g_dngettext (GETTEXT_PACKAGE, "%s %6u document  ", "%s %6u documents ", info->n_documents), name, info->n_documents);
      g_print (g_dngettext (GETTEXT_PACKAGE, "%8u chunk  %s\n", "%8u chunks  %s\n", info->n_chunks), info->n_chunks, model);
    }
  return HEDDLE_EXIT_OK;
}

static int
list_documents (HeddleKnowledge *knowledge,
                const char *base)
{
  g_auto (HeddleCliWait) wait = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) documents = NULL;

  heddle_cli_wait_init (&wait);
  heddle_knowledge_list_documents_async (knowledge, base, NULL, heddle_cli_wait_cb, &wait);
  documents = heddle_knowledge_list_documents_finish (knowledge, heddle_cli_wait_for (&wait), &error);
  if (documents == NULL)
    return heddle_cli_fail_request (error);
  for (guint i = 0; i < documents->len; i++)
    {
      const HeddleDocumentInfo *info = g_ptr_array_index (documents, i);
      g_autofree char *title = heddle_cli_clip (info->title, 0);
      g_autofree char *source = heddle_cli_clip (info->source != NULL ? info->source : "", 0);

      g_print ("%6u  %s  %s%s%s\n", info->n_chunks, title, source, info->error != NULL ? ": " : "",
               info->error != NULL ? info->error : "");
    }
  return HEDDLE_EXIT_OK;
}

static gboolean
create_base (HeddleKnowledge *knowledge,
             const char *base,
             const char *model,
             GError **error)
{
  g_auto (HeddleCliWait) wait = { 0 };

  heddle_cli_wait_init (&wait);
  heddle_knowledge_set_base_async (knowledge, base, NULL, model, NULL, heddle_cli_wait_cb, &wait);
  return heddle_knowledge_set_base_finish (knowledge, heddle_cli_wait_for (&wait), error);
}

static gboolean
base_exists (HeddleKnowledge *knowledge,
             const char *base)
{
  g_auto (HeddleCliWait) wait = { 0 };
  g_autoptr (GPtrArray) bases = NULL;

  heddle_cli_wait_init (&wait);
  heddle_knowledge_list_async (knowledge, NULL, heddle_cli_wait_cb, &wait);
  bases = heddle_knowledge_list_finish (knowledge, heddle_cli_wait_for (&wait), NULL);
  for (guint i = 0; bases != NULL && i < bases->len; i++)
    {
      if (g_strcmp0 (((HeddleKnowledgeInfo *) g_ptr_array_index (bases, i))->name, base) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
progress_cb (const char *what,
             guint done,
             guint total,
             gpointer user_data)
{
  g_autofree char *clipped = heddle_cli_clip (what, 50);

  if (isatty (STDERR_FILENO))
    g_printerr ("\r\033[K%u/%u  %s", done, total, clipped);
}

static gboolean
interrupt_cb (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_CONTINUE;
}

/* Ctrl+C ends with the file at hand; what was added before stays. */
static HeddleIngestResult *
add_all (HeddleKnowledge *knowledge,
         const char *base,
         char **paths,
         GError **error)
{
  g_auto (HeddleCliWait) wait = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint interrupt = g_unix_signal_add (SIGINT, interrupt_cb, cancellable);
  HeddleIngestResult *result;

  heddle_cli_wait_init (&wait);
  heddle_knowledge_add_files_async (knowledge, base, (const char *const *) paths, progress_cb, NULL, cancellable, heddle_cli_wait_cb, &wait);
  result = heddle_knowledge_add_files_finish (knowledge, heddle_cli_wait_for (&wait), error);
  g_source_remove (interrupt);
  if (isatty (STDERR_FILENO))
    g_printerr ("\r\033[K");
  return result;
}

static void
print_reason (const char *reason)
{
  g_autofree char *clipped = reason != NULL ? heddle_cli_clip (reason, 0) : NULL;

  if (clipped != NULL)
    g_printerr ("  %s\n", clipped);
}

static int
set_server (HeddleKnowledge *knowledge,
            const char *base,
            const char *url,
            const char *credential)
{
  g_auto (HeddleCliWait) wait = { 0 };
  g_autoptr (GError) error = NULL;

  heddle_cli_wait_init (&wait);
  heddle_knowledge_set_server_async (knowledge, base, url, credential, NULL, heddle_cli_wait_cb, &wait);
  return heddle_knowledge_set_server_finish (knowledge, heddle_cli_wait_for (&wait), &error) ? HEDDLE_EXIT_OK : heddle_cli_fail_request (error);
}

static int
add_files (HeddleKnowledge *knowledge,
           const char *base,
           const char *model,
           char **paths)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeddleIngestResult) result = NULL;

  if ((model != NULL || !base_exists (knowledge, base)) && !create_base (knowledge, base, model, &error))
    return heddle_cli_fail_request (error);
  result = add_all (knowledge, base, paths, &error);
  if (result == NULL)
    return heddle_error_is_cancelled (error) ? HEDDLE_EXIT_CANCELLED : heddle_cli_fail_request (error);
  g_print (_ ("%u added, %u unchanged, %u skipped, %u failed\n"), result->n_added, result->n_unchanged, result->n_skipped, result->n_failed);
  print_reason (result->first_skipped);
  print_reason (result->first_error);
  return result->n_failed > 0 ? HEDDLE_EXIT_FAILED : HEDDLE_EXIT_OK;
}

static void
print_passage (const HeddlePassage *passage,
               guint number)
{
  g_autofree char *title = heddle_cli_clip (passage->title, 0);
  g_autofree char *heading = heddle_cli_clip (passage->heading != NULL ? passage->heading : "", 0);
  gboolean repeats = g_str_has_prefix (heading, title); /* as the first heading of a document is often its title */

  g_print ("[%u] %.3f  %s", number, passage->score, repeats ? heading : title);
  if (!repeats && *heading != '\0')
    g_print (" > %s", heading);
  if (passage->page > 0)
    g_print (_ (" (page %u)"), passage->page);
  g_print ("\n%s\n\n", passage->text);
}

static int
search (HeddleKnowledge *knowledge,
        const char *base,
        const char *query)
{
  g_auto (HeddleCliWait) wait = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) passages = NULL;

  heddle_cli_wait_init (&wait);
  heddle_knowledge_search_async (knowledge, base, query, HEDDLE_SEARCH_AUTO, 5, NULL, heddle_cli_wait_cb, &wait);
  passages = heddle_knowledge_search_finish (knowledge, heddle_cli_wait_for (&wait), &error);
  if (passages == NULL)
    return heddle_cli_fail_request (error);
  for (guint i = 0; i < passages->len; i++)
    print_passage (g_ptr_array_index (passages, i), i + 1);
  return HEDDLE_EXIT_OK;
}

int
heddle_cli_knowledge (int argc,
                      char **argv)
{
  g_autofree char *query = NULL;
  g_autofree char *model = NULL;
  g_autofree char *server = NULL;
  g_autofree char *credential = NULL;
  const GOptionEntry entries[] = {
    { "search", 0, 0, G_OPTION_ARG_FILENAME, &query, N_ ("Search the base instead"), N_ ("QUERY") },
    { "embedding-model", 0, 0, G_OPTION_ARG_STRING, &model, N_ ("Search by meaning too, with this model"), N_ ("MODEL") },
    { "server", 0, 0, G_OPTION_ARG_STRING, &server, N_ ("Keep the vectors on this Qdrant server; empty: in the database"), N_ ("URL") },
    { "credential", 0, 0, G_OPTION_ARG_STRING, &credential, N_ ("The credential that holds the server’s key"), N_ ("NAME") },
    { NULL }
  };
  g_autoptr (HeddleServices) services = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!heddle_cli_parse ("knowledge", entries, &argc, &argv, &status))
    return status;
  if ((query != NULL && argc != 2) || (argc > 1 && !g_utf8_validate (argv[1], -1, NULL)) ||
      (query != NULL && !g_utf8_validate (query, -1, NULL)))
    return heddle_cli_fail_usage ("knowledge");
  services = heddle_services_new (HEDDLE_SERVICES_ALL, &error);
  if (services == NULL)
    return heddle_cli_fail_request (error);
  if (argc == 1)
    return list_bases (services->knowledge);
  if (query != NULL)
    return search (services->knowledge, argv[1], query);
  if (server != NULL && argc == 2)
    return set_server (services->knowledge, argv[1], server, credential);
  if (argc == 2)
    return list_documents (services->knowledge, argv[1]);
  return add_files (services->knowledge, argv[1], model, argv + 2);
}
