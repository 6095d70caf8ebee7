/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "registry/heddle-node-type.h"
#include "registry/heddle-problem.h"
#include "run/heddle-node-run.h"
#include "nodes/heddle-file-params.h"
#include "value/heddle-file-place.h"
#include "value/heddle-file-value.h"
#include "value/heddle-json.h"
#include "value/heddle-text.h"

#include <string.h>

#define MIB (1024 * 1024)

typedef struct
{
  char *path;
  char *folder;
  char *format;
  char *encoding;
  double max_size;
} Params;

static const HeddlePortSpec inputs[] = {
  { "in", N_ ("Input"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddlePortSpec outputs[] = {
  { "out", N_ ("Content"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddleChoice formats[] = {
  { "auto", N_ ("As the file is") },
  { "text", N_ ("Text") },
  { "json", N_ ("JSON") },
  { "lines", N_ ("List of lines") },
  { "file", N_ ("File, as the Input node gives it") },
  { NULL },
};

static const HeddleChoice encodings[] = {
  { "UTF-8", "UTF-8" },
  { "UTF-16", "UTF-16" },
  { "WINDOWS-1252", "Windows-1252" },
  { "ISO-8859-15", "ISO 8859-15" },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_STRING (Params, path, N_ ("Path"), .help = N_ ("A whole path, or one in the folder below. ~ stands for your own folder."), .placeholder = "~/Documents/notes.txt", .is_template = TRUE, .required = TRUE, .is_main = TRUE),
  HEDDLE_STRING (Params, folder, N_ ("Folder"), .help = N_ ("The path cannot lead out of this folder. An agent only reads where one is named."), .placeholder = "~/Documents", .is_template = FALSE),
  HEDDLE_CHOICE (Params, format, N_ ("Format"), .help = N_ ("As the file is: texts as text, files whose name ends in .json as JSON, and pictures, PDF and other data as a file."), .choices = formats, .def.s = "auto"),
  HEDDLE_CHOICE (Params, encoding, N_ ("Encoding"), .help = N_ ("How the characters of a text are written. A file that says so itself is believed."), .choices = encodings, .def.s = "UTF-8", .visible_if = "format=auto|text|json|lines", .advanced = TRUE),
  HEDDLE_DOUBLE (Params, max_size, N_ ("Max size in MB"), .help = N_ ("A larger file is an error."), .def.d = 16, .min = 0.001, .max = 64, .step = 1, .advanced = TRUE),
  { NULL },
};

static const HeddleResultKey results[] = {
  { "path", N_ ("Path"), HEDDLE_VALUE_TEXT },
  { "size", N_ ("Size in bytes"), HEDDLE_VALUE_NUMBER },
  { "modified", N_ ("Time of change"), HEDDLE_VALUE_TEXT },
  { NULL },
};

typedef struct
{
  char *path;
  char *folder;
  char *format;
  char *encoding;
  gsize max;
  JsonNode *effect; /* what is read, for the record */
} Job;

typedef struct
{
  JsonNode *output;
  char *path;
  gint64 size;
  gint64 modified;
} Content;

static void
job_free (gpointer data)
{
  Job *job = data;

  json_node_unref (job->effect);
  g_free (job->path);
  g_free (job->folder);
  g_free (job->format);
  g_free (job->encoding);
  g_free (job);
}

static void
content_free (Content *content)
{
  g_clear_pointer (&content->output, json_node_unref);
  g_free (content->path);
  g_free (content);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Content, content_free)

/* The encoding that the first bytes name, or the one that was chosen. */
static const char *
find_encoding (const char *chosen, const char *data, gsize size, gsize *skip)
{
  *skip = 0;
  if (size >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    {
      *skip = 3;
      return "UTF-8";
    }
  if (size >= 2 && (memcmp (data, "\xff\xfe", 2) == 0 || memcmp (data, "\xfe\xff", 2) == 0))
    return "UTF-16";
  return chosen;
}

/* NULL where it is no text. */
static char *
decode (const char *chosen, const char *data, gsize size)
{
  gsize skip;
  const char *encoding = find_encoding (chosen, data, size, &skip);
  g_autofree char *text = NULL;
  gsize length = size - skip;

  if (strcmp (encoding, "UTF-8") != 0)
    text = g_convert (data, (gssize) size, "UTF-8", encoding, NULL, &length, NULL);
  else
    text = g_strndup (data + skip, length);
  return text != NULL && g_utf8_validate (text, (gssize) length, NULL) ? g_steal_pointer (&text) : NULL;
}

static JsonNode *
split_lines (const char *text)
{
  JsonArray *lines = json_array_new ();

  while (*text != '\0')
    {
      gsize length = strcspn (text, "\n");
      gsize end = length > 0 && text[length - 1] == '\r' ? length - 1 : length;
      g_autofree char *line = g_strndup (text, end);

      json_array_add_element (lines, heddle_json_string (line));
      text += text[length] == '\n' ? length + 1 : length;
    }
  return heddle_json_array (lines);
}

static JsonNode *
parse (const char *path, const char *text, GError **error)
{
  g_autoptr (GError) cause = NULL;
  JsonNode *value = heddle_json_parse (text, -1, &cause);

  if (value == NULL)
    g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("“%s” is not valid JSON: %s Correct the file, or read it as text."), path, cause->message);
  return value;
}

static JsonNode *
fail_encoding (const char *path, const char *encoding, GError **error)
{
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_INVALID, _ ("“%s” is no text in %s. Choose its encoding, or read it as a file."), path, encoding);
  return NULL;
}

static gboolean
is_json_name (const char *path)
{
  gsize length = strlen (path);

  return length > 5 && g_ascii_strcasecmp (path + length - 5, ".json") == 0;
}

/* What is in the file, in the format that was asked for. */
static JsonNode *
interpret (const Job *job, const char *path, GBytes *bytes, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  gboolean is_auto = strcmp (job->format, "auto") == 0;
  gboolean is_pdf = size >= 5 && memcmp (data, "%PDF-", 5) == 0;
  g_autofree char *text = NULL;

  if (strcmp (job->format, "file") == 0 || (is_auto && is_pdf))
    return heddle_file_value_new (path, data, size, error);
  text = decode (job->encoding, data != NULL ? data : "", size);
  if (text == NULL)
    return is_auto ? heddle_file_value_new (path, data, size, error) : fail_encoding (path, job->encoding, error);
  if (strcmp (job->format, "lines") == 0)
    return split_lines (text);
  if (strcmp (job->format, "json") == 0 || (is_auto && is_json_name (path)))
    return parse (path, text, error);
  return heddle_json_string (text);
}

static gpointer
read_thread (gpointer data, GCancellable *cancellable, GError **error)
{
  const Job *job = data;
  g_autoptr (HeddleFilePlace) place = heddle_file_place_new (job->path, job->folder, FALSE, error);
  g_autoptr (Content) content = g_new0 (Content, 1);
  g_autoptr (GBytes) bytes = NULL;

  bytes = place != NULL ? heddle_file_place_read (place, job->max, &content->modified, cancellable, error) : NULL;
  if (bytes == NULL)
    return NULL;
  content->path = g_strdup (heddle_file_place_get_path (place));
  content->size = (gint64) g_bytes_get_size (bytes);
  content->output = interpret (job, content->path, bytes, error);
  return content->output != NULL ? g_steal_pointer (&content) : NULL;
}

static JsonNode *
make_record (Content *content)
{
  g_autoptr (GDateTime) modified = g_date_time_new_from_unix_utc (content->modified / G_USEC_PER_SEC);
  g_autofree char *time = modified != NULL ? g_date_time_format_iso8601 (modified) : NULL;
  JsonObject *record = json_object_new ();

  json_object_set_member (record, "path", heddle_json_string (content->path));
  json_object_set_member (record, "size", heddle_json_int (content->size));
  json_object_set_member (record, "modified", heddle_json_string (time));
  json_object_set_member (record, "output", g_steal_pointer (&content->output));
  return heddle_json_object (record);
}

static void
read_cb (HeddleNodeRun *node_run, gpointer result, GError *error, gpointer data)
{
  g_autoptr (Content) content = result;

  heddle_file_end (node_run, ((const Job *) data)->effect, content != NULL ? make_record (content) : NULL, error);
}

static JsonNode *
make_effect (const Params *p)
{
  JsonObject *effect = json_object_new ();

  json_object_set_string_member (effect, "operation", "read");
  json_object_set_member (effect, "path", heddle_json_string (p->path));
  json_object_set_member (effect, "folder", heddle_json_string (p->folder));
  json_object_set_member (effect, "format", heddle_json_string (p->format));
  json_object_set_member (effect, "encoding", heddle_json_string (p->encoding));
  return heddle_json_object (effect);
}

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;
  g_autoptr (JsonNode) effect = make_effect (p);
  Job *job;

  if (!heddle_file_begin (node_run, p->folder, effect))
    return;
  job = g_new0 (Job, 1);
  job->effect = g_steal_pointer (&effect);
  job->path = g_strdup (p->path);
  job->folder = g_strdup (p->folder);
  job->format = g_strdup (p->format);
  job->encoding = g_strdup (p->encoding);
  job->max = (gsize) (p->max_size * MIB);
  heddle_node_run_in_thread (node_run, read_thread, job, job_free, read_cb);
}

static char *
describe (JsonObject *values)
{
  return g_strdup (heddle_params_get_string (values, "path", NULL));
}

const HeddleNodeType heddle_node_type_read_file = {
  .id = "read-file",
  .version = 1,
  .title = N_ ("Read File"),
  .summary = N_ ("Reads a file from the disk."),
  .keywords = N_ ("open load disk document text json csv picture pdf"),
  .icon_name = "heddle-read-file-symbolic",
  .category = HEDDLE_CATEGORY_DATA,
  .effect = HEDDLE_EFFECT_READ,
  .inputs = inputs,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (Params),
  .results = results,
  .main_alias = "content",
  .example = "{\"params\":{\"path\":\"notes/today.txt\",\"folder\":\"~/Documents\"},\"inputs\":{\"in\":null}}",
  .describe = describe,
  .check = heddle_file_params_check,
  .run = run,
  .tool = "{\"description\":\"Reads a file in a folder and returns its content.\"}",
};
