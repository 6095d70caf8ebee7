/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "knowledge/heddle-ingest.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "heddle-error.h"
#include "knowledge/heddle-chunker.h"

#define READ_BYTES (256 * 1024)
/* Part of every hash: raised when documents are read or cut in another way, so that adding again does it. */
#define FORMAT_VERSION "1"

static gboolean
check_regular (GFile *file,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (GFileInfo) info = NULL;

  info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE,
                            G_FILE_QUERY_INFO_NONE, cancellable, error);
  if (info == NULL)
    return FALSE;
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("It is no ordinary file."));
  else if (g_file_info_get_size (info) > HEDDLE_EXTRACT_MAX_BYTES)
    g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("The file is larger than 64 MB. Split it."));
  else
    return TRUE;
  return FALSE;
}

/* Reads to the end, and not only as much as the size said, since a file may grow. */
static GBytes *
read_stream (GInputStream *stream,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_autofree guint8 *buffer = g_malloc (READ_BYTES);
  gssize n;

  while ((n = g_input_stream_read (stream, buffer, READ_BYTES, cancellable, error)) > 0)
    {
      if (data->len + n > HEDDLE_EXTRACT_MAX_BYTES)
        {
          g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("The file is larger than 64 MB. Split it."));
          return NULL;
        }
      g_byte_array_append (data, buffer, n);
    }
  return n == 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&data)) : NULL;
}

/* All of a regular file, at most HEDDLE_EXTRACT_MAX_BYTES. */
static GBytes *
read_file (const char *path,
           GCancellable *cancellable,
           GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = NULL;

  if (!check_regular (file, cancellable, error))
    return NULL;
  stream = g_file_read (file, cancellable, error);
  return stream != NULL ? read_stream (G_INPUT_STREAM (stream), cancellable, error) : NULL;
}

static char *
hash_data (const char *kind,
           const char *data,
           gsize length)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (checksum, (const guchar *) FORMAT_VERSION " ", -1);
  g_checksum_update (checksum, (const guchar *) kind, strlen (kind) + 1);
  g_checksum_update (checksum, (const guchar *) data, length);
  return g_strdup (g_checksum_get_string (checksum));
}

/* The document as it was kept before, if it has not changed; else 0. */
static gint64
find_kept (HeddleKnowledge *knowledge,
           const char *base,
           const HeddleStoredDocument *document,
           guint *n_chunks)
{
  gint64 id;

  g_mutex_lock (&knowledge->store_lock);
  id = knowledge->store->klass->find (knowledge->store, base, document->identity, document->hash, n_chunks, NULL);
  g_mutex_unlock (&knowledge->store_lock);
  return id;
}

/* A document that is replaced is replaced on the server too, which knows it by its id. */
static gboolean
forget_on_server (HeddleKnowledge *knowledge,
                  const char *base,
                  const char *identity,
                  GError **error)
{
  g_autoptr (HeddleVectorServer) server = heddle_knowledge_dup_server (knowledge, base);
  gint64 old;

  if (server == NULL)
    return TRUE;
  g_mutex_lock (&knowledge->store_lock);
  old = knowledge->store->klass->find (knowledge->store, base, identity, NULL, NULL, NULL);
  g_mutex_unlock (&knowledge->store_lock);
  return old == 0 || heddle_qdrant_delete_document (knowledge, server, old, NULL, error);
}

static gint64
keep (HeddleKnowledge *knowledge,
      const char *base,
      HeddleStoredDocument *document,
      GError **error)
{
  gint64 id;

  if (!forget_on_server (knowledge, base, document->identity, error))
    return 0;
  document->added = g_get_real_time ();
  g_mutex_lock (&knowledge->store_lock);
  id = knowledge->store->klass->upsert (knowledge->store, base, document, error);
  g_mutex_unlock (&knowledge->store_lock);
  return id;
}

static HeddleExtract *
extract (HeddleFormat format,
         const char *path,
         GBytes *bytes,
         GCancellable *cancellable,
         GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  if (format == HEDDLE_FORMAT_PDF)
    return heddle_extract_pdf (path, cancellable, error);
  return heddle_extract_data (format, data, length, error);
}

/* Keeps the file without passages, so that the list shows what is wrong with it. */
static HeddleIngestOutcome
keep_failure (HeddleKnowledge *knowledge,
              const char *base,
              const char *path,
              GError *reason,
              GError **error)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *identity = g_filename_display_name (path);
  HeddleStoredDocument document = {
    .identity = identity,
    .title = name,
    .source = identity,
    .mime = "",
    .hash = "",
    .error = reason->message,
  };

  if (heddle_error_is_cancelled (reason) || keep (knowledge, base, &document, error) != 0)
    g_propagate_error (error, reason);
  else
    g_error_free (reason);
  return HEDDLE_INGEST_FAILED;
}

static HeddleIngestOutcome
keep_extract (HeddleKnowledge *knowledge,
              const char *base,
              const char *path,
              const HeddleExtract *extracted,
              HeddleStoredDocument *document,
              GError **error)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autoptr (GPtrArray) chunks = heddle_chunk_extract (extracted, HEDDLE_CHUNK_TOKENS);

  document->title = extracted->title != NULL ? extracted->title : name;
  document->chunks = chunks;
  document->bytes = strlen (extracted->text);
  return keep (knowledge, base, document, error) != 0 ? HEDDLE_INGEST_ADDED : HEDDLE_INGEST_FAILED;
}

HeddleIngestOutcome
heddle_ingest_file (HeddleKnowledge *knowledge,
                    const char *base,
                    const char *path,
                    GCancellable *cancellable,
                    GError **error)
{
  GError *reason = NULL;
  g_autoptr (GBytes) bytes = read_file (path, cancellable, &reason);
  g_autoptr (HeddleExtract) extracted = NULL;
  g_autofree char *source = g_filename_display_name (path);
  g_autofree char *hash = NULL;
  HeddleStoredDocument document = { .identity = source, .source = source };
  HeddleFormat format;

  if (bytes == NULL)
    return keep_failure (knowledge, base, path, reason, error);
  format = heddle_format_guess (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  if (format == HEDDLE_FORMAT_UNSUPPORTED)
    return HEDDLE_INGEST_UNSUPPORTED;
  document.mime = heddle_format_get_mime (format);
  document.hash = hash = hash_data (document.mime, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  if (find_kept (knowledge, base, &document, NULL) != 0)
    return HEDDLE_INGEST_UNCHANGED;
  extracted = extract (format, path, bytes, cancellable, &reason);
  if (extracted == NULL)
    return keep_failure (knowledge, base, path, reason, error);
  return keep_extract (knowledge, base, path, extracted, &document, error);
}

gint64
heddle_ingest_text (HeddleKnowledge *knowledge,
                    const char *base,
                    const HeddleIngestText *text,
                    guint *n_chunks,
                    GError **error)
{
  gsize length = strlen (text->text);
  const char *source = text->source != NULL ? text->source : "";
  /* A file's identity is its path, which has no line feed in front. */
  g_autofree char *identity = g_strconcat ("\n", source, "\n", text->title, NULL);
  g_autofree char *hash = hash_data (text->mime, text->text, length);
  g_autoptr (HeddleExtract) extracted = NULL;
  g_autoptr (GPtrArray) chunks = NULL;
  HeddleStoredDocument document = {
    .identity = identity,
    .title = text->title,
    .source = source,
    .mime = text->mime,
    .hash = hash,
    .bytes = length,
  };
  gint64 kept = find_kept (knowledge, base, &document, n_chunks);

  if (kept != 0)
    return kept;
  if (length > HEDDLE_EXTRACT_MAX_BYTES)
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("The text is larger than 64 MB. Split it."));
      return 0;
    }
  extracted = heddle_extract_data (heddle_format_from_mime (text->mime), text->text, length, error);
  if (extracted == NULL)
    return 0;
  document.chunks = chunks = heddle_chunk_extract (extracted, HEDDLE_CHUNK_TOKENS);
  *n_chunks = chunks->len;
  return keep (knowledge, base, &document, error);
}
