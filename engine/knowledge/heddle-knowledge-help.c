/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "knowledge/heddle-knowledge-help.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-help-resources.h"
#include "knowledge/heddle-ingest.h"
#include "store/heddle-store.h"
#include "value/heddle-json.h"

#define HELP_PATH "/org/heddle/Heddle/help/"
#define PAGES_SETTING "help-pages"

/* Of all pages, so that a handbook that says something else is read again. */
static char *
hash_pages (char **files)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; files[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat (HELP_PATH, files[i], NULL);
      g_autoptr (GBytes) bytes = g_resource_lookup_data (heddle_help_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

      g_checksum_update (checksum, (const guchar *) files[i], strlen (files[i]) + 1);
      if (bytes != NULL)
        g_checksum_update (checksum, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
    }
  return g_strdup (g_checksum_get_string (checksum));
}

static gboolean
is_current (HeddleStore *store,
            const char *hash)
{
  g_autoptr (JsonNode) pages = heddle_store_get_setting (store, PAGES_SETTING);

  return heddle_json_is_string (pages) && g_str_equal (json_node_get_string (pages), hash);
}

/* A page's title is its first line: "# Troubleshooting". */
static gboolean
add_page (HeddleKnowledge *self,
          const char *file,
          GError **error)
{
  g_autofree char *path = g_strconcat (HELP_PATH, file, NULL);
  g_autoptr (GBytes) bytes = g_resource_lookup_data (heddle_help_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  HeddleIngestText page;
  guint n_chunks;

  if (bytes == NULL)
    return FALSE;
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  lines = g_strsplit (text, "\n", 2);
  page.title = lines[0] + strspn (lines[0], "# ");
  page.source = file;
  page.mime = "text/markdown";
  page.text = text;
  return heddle_ingest_text (self, HEDDLE_KNOWLEDGE_HELP, &page, &n_chunks, error) != 0;
}

static gboolean
add_pages (HeddleKnowledge *self,
           char **files,
           GError **error)
{
  gboolean ok;

  g_mutex_lock (&self->store_lock);
  ok = self->store->klass->ensure_collection (self->store, HEDDLE_KNOWLEDGE_HELP, _ ("Heddle's own handbook."), NULL, error);
  g_mutex_unlock (&self->store_lock);
  for (guint i = 0; ok && files[i] != NULL; i++)
    ok = heddle_knowledge_is_open (self, error) && add_page (self, files[i], error);
  return ok;
}

/* A page that another version had; a file that a person added has a whole path. */
static gboolean
is_former_page (const HeddleDocumentInfo *document,
                char **files)
{
  return g_str_has_suffix (document->source, ".md") && strchr (document->source, '/') == NULL &&
         !g_strv_contains ((const char *const *) files, document->source);
}

static gboolean
remove_former_pages (HeddleKnowledge *self,
                     char **files,
                     GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->store_lock);
  g_autoptr (GPtrArray) documents = self->store->klass->scroll (self->store, HEDDLE_KNOWLEDGE_HELP, error);

  for (guint i = 0; documents != NULL && i < documents->len; i++)
    {
      const HeddleDocumentInfo *document = g_ptr_array_index (documents, i);

      if (is_former_page (document, files) && !self->store->klass->remove (self->store, HEDDLE_KNOWLEDGE_HELP, document->id, error))
        return FALSE;
    }
  return documents != NULL;
}

static gboolean
add_help (HeddleKnowledge *self,
          HeddleStore *store,
          GError **error)
{
  g_auto (GStrv) files = g_resource_enumerate_children (heddle_help_get_resource (), HELP_PATH, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  g_autofree char *hash = NULL;
  g_autoptr (JsonNode) pages = NULL;

  if (files == NULL)
    return FALSE;
  hash = hash_pages (files);
  pages = heddle_json_string (hash);
  return is_current (store, hash) || (add_pages (self, files, error) && remove_former_pages (self, files, error) &&
                                      heddle_store_set_setting (store, PAGES_SETTING, pages, error));
}

static void
add_help_thread (HeddleKnowledge *self,
                 GTask *task)
{
  g_autoptr (GError) error = NULL;

  /* A program that ends too soon leaves the rest to the next one, as one does that finds the disk full. */
  if (!add_help (self, g_task_get_task_data (task), &error))
    g_info ("The handbook could not be added: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

/* On the thread of the searches, which takes one thing after the other. */
void
heddle_knowledge_add_help (HeddleKnowledge *self,
                           HeddleStore *store)
{
  GTask *task;

  g_return_if_fail (HEDDLE_IS_KNOWLEDGE (self));
  g_return_if_fail (HEDDLE_IS_STORE (store));

  task = g_task_new (self, NULL, NULL, NULL);
  g_task_set_source_tag (task, heddle_knowledge_add_help);
  g_task_set_task_data (task, g_object_ref (store), g_object_unref);
  heddle_knowledge_push (self, HEDDLE_WORK_QUERY, task, add_help_thread);
}
