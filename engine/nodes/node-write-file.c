/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "nodes/heddle-file-params.h"
#include "registry/heddle-node-type.h"
#include "run/heddle-node-run.h"
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
  JsonNode *content;
  char *mode;
  char *format;
  gboolean make_folders;
  double max_size;
} Params;

static const HeddlePortSpec inputs[] = {
  { "in", N_ ("Input"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddlePortSpec outputs[] = {
  { "out", N_ ("Path"), HEDDLE_VALUE_TEXT },
  { NULL },
};

/* In the order of HeddleFileMode. */
static const HeddleChoice modes[] = {
  { "replace", N_ ("Replace what is there") },
  { "append", N_ ("Add to the end") },
  { "create-new", N_ ("Only make a new file") },
  { NULL },
};

static const HeddleChoice formats[] = {
  { "auto", N_ ("As the value is") },
  { "text", N_ ("Text") },
  { "json", N_ ("JSON") },
  { "lines", N_ ("One line for each item") },
  { "file", N_ ("Data of a file, or base64") },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_STRING (Params, path, N_ ("Path"), .help = N_ ("A whole path, or one in the folder below. ~ stands for your own folder."), .placeholder = "~/Documents/report.md", .is_template = TRUE, .required = TRUE, .is_main = TRUE),
  HEDDLE_STRING (Params, folder, N_ ("Folder"), .help = N_ ("The path cannot lead out of this folder. An agent only writes where one is named."), .placeholder = "~/Documents", .is_template = FALSE),
  HEDDLE_VALUE (Params, content, N_ ("Content"), .help = N_ ("What to write."), .def.s = "{{ $input }}"),
  HEDDLE_CHOICE (Params, mode, N_ ("If the file is there"), .help = N_ ("Replacing is done at once: whoever reads the file sees the old one or the new one."), .choices = modes, .def.s = "replace"),
  HEDDLE_CHOICE (Params, format, N_ ("Format"), .help = N_ ("As the value is: texts as text, files with their data, and anything else as JSON."), .choices = formats, .def.s = "auto"),
  HEDDLE_BOOLEAN (Params, make_folders, N_ ("Make missing folders"), .help = N_ ("Otherwise a folder that is not there is an error."), .def.b = FALSE, .advanced = TRUE),
  HEDDLE_DOUBLE (Params, max_size, N_ ("Max size in MB"), .help = N_ ("More than this is not written."), .def.d = 16, .min = 0.001, .max = 64, .step = 1, .advanced = TRUE),
  { NULL },
};

static const HeddleResultKey results[] = {
  { "path", N_ ("Path"), HEDDLE_VALUE_TEXT },
  { "size", N_ ("Bytes written"), HEDDLE_VALUE_NUMBER },
  { NULL },
};

typedef struct
{
  char *path;
  char *folder;
  JsonNode *content;
  char *format;
  HeddleFileMode mode;
  gboolean make_folders;
  gsize max;
  JsonNode *effect; /* what is written, for the record */
} Job;

typedef struct
{
  char *path;
  gint64 size;
} Written;

static void
job_free (gpointer data)
{
  Job *job = data;

  json_node_unref (job->effect);
  g_free (job->path);
  g_free (job->folder);
  g_clear_pointer (&job->content, json_node_unref);
  g_free (job->format);
  g_free (job);
}

static GBytes *
take_text (char *text)
{
  return g_bytes_new_take (text, strlen (text));
}

/* What is added to a file is one line, as logs of JSON have it. */
static GBytes *
encode_json (const Job *job)
{
  g_autofree char *text = heddle_json_to_text (job->content, job->mode == HEDDLE_FILE_APPEND ? HEDDLE_JSON_COMPACT : HEDDLE_JSON_PRETTY);

  return take_text (g_strconcat (text, "\n", NULL));
}

static void
append_line (GString *out, JsonNode *item)
{
  g_autofree char *line = heddle_json_to_display (item);

  g_string_append (out, line);
  g_string_append_c (out, '\n');
}

static GBytes *
encode_lines (JsonNode *content)
{
  GString *out = g_string_new (NULL);
  JsonArray *items = JSON_NODE_HOLDS_ARRAY (content) ? json_node_get_array (content) : NULL;

  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    append_line (out, json_array_get_element (items, i));
  if (items == NULL)
    append_line (out, content);
  return g_string_free_to_bytes (out);
}

/* A file as values have them, a data: URI, or base64 alone. */
static GBytes *
encode_file (JsonNode *content, GError **error)
{
  g_autoptr (JsonNode) file = NULL;
  guchar *data;
  gsize size;

  if (heddle_json_is_string (content) && !g_str_has_prefix (json_node_get_string (content), "data:"))
    {
      JsonObject *object = json_object_new ();
      g_autoptr (JsonNode) bare = NULL;

      json_object_set_member (object, "name", heddle_json_string ("data"));
      json_object_set_member (object, "data", json_node_ref (content));
      bare = heddle_json_object (object);
      file = heddle_file_value_read (bare, error);
    }
  else
    {
      file = heddle_file_value_read (content, error);
    }
  if (file == NULL)
    return NULL;
  data = g_base64_decode (heddle_json_get_string (file, "data", ""), &size);
  return g_bytes_new_take (data, size);
}

static GBytes *
encode (const Job *job, GError **error)
{
  gboolean is_auto = strcmp (job->format, "auto") == 0;

  if (strcmp (job->format, "file") == 0 || (is_auto && heddle_file_value_is (job->content)))
    return encode_file (job->content, error);
  if (strcmp (job->format, "lines") == 0)
    return encode_lines (job->content);
  if (strcmp (job->format, "json") == 0 || (is_auto && !heddle_json_is_string (job->content)))
    return encode_json (job);
  return take_text (heddle_json_to_display (job->content));
}

static gboolean
check_size (const Job *job, GBytes *bytes, GError **error)
{
  if (g_bytes_get_size (bytes) <= job->max)
    return TRUE;
  g_set_error (error, HEDDLE_ERROR, HEDDLE_ERROR_LIMIT, _ ("The content is larger than %.6g MB. Raise the limit of the node, or write less."), (double) job->max / MIB);
  return FALSE;
}

static void
written_free (Written *written)
{
  g_free (written->path);
  g_free (written);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Written, written_free)

static gpointer
write_thread (gpointer data, GCancellable *cancellable, GError **error)
{
  const Job *job = data;
  g_autoptr (GBytes) bytes = encode (job, error);
  g_autoptr (HeddleFilePlace) place = NULL;
  Written *written;

  if (bytes == NULL || !check_size (job, bytes, error))
    return NULL;
  place = heddle_file_place_new (job->path, job->folder, job->make_folders, error);
  if (place == NULL || !heddle_file_place_write (place, job->mode, bytes, cancellable, error))
    return NULL;
  written = g_new0 (Written, 1);
  written->path = g_strdup (heddle_file_place_get_path (place));
  written->size = (gint64) g_bytes_get_size (bytes);
  return written;
}

static JsonNode *
make_record (const Written *written)
{
  JsonObject *record = json_object_new ();

  json_object_set_member (record, "path", heddle_json_string (written->path));
  json_object_set_member (record, "size", heddle_json_int (written->size));
  json_object_set_member (record, "output", heddle_json_string (written->path));
  return heddle_json_object (record);
}

static void
written_cb (HeddleNodeRun *node_run, gpointer result, GError *error, gpointer data)
{
  g_autoptr (Written) written = result;

  heddle_file_end (node_run, ((const Job *) data)->effect, written != NULL ? make_record (written) : NULL, error);
}

static JsonNode *
make_effect (const Params *p)
{
  JsonObject *effect = json_object_new ();

  json_object_set_string_member (effect, "operation", "write");
  json_object_set_member (effect, "path", heddle_json_string (p->path));
  json_object_set_member (effect, "folder", heddle_json_string (p->folder));
  json_object_set_member (effect, "format", heddle_json_string (p->format));
  json_object_set_member (effect, "mode", heddle_json_string (p->mode));
  json_object_set_member (effect, "content", p->content != NULL ? json_node_ref (p->content) : heddle_json_null ());
  return heddle_json_object (effect);
}

static HeddleFileMode
read_mode (const char *mode)
{
  for (guint i = 0; modes[i].id != NULL; i++)
    {
      if (g_strcmp0 (modes[i].id, mode) == 0)
        return (HeddleFileMode) i;
    }
  return HEDDLE_FILE_REPLACE;
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
  job->content = p->content != NULL ? json_node_ref (p->content) : heddle_json_string ("");
  job->format = g_strdup (p->format);
  job->mode = read_mode (p->mode);
  job->make_folders = p->make_folders;
  job->max = (gsize) (p->max_size * MIB);
  heddle_node_run_in_thread (node_run, write_thread, job, job_free, written_cb);
}

/* The same content in place of what is there, twice, is like once. */
static HeddleEffect
get_effect (JsonObject *values)
{
  return read_mode (heddle_params_get_string (values, "mode", "replace")) == HEDDLE_FILE_REPLACE ? HEDDLE_EFFECT_IDEMPOTENT : HEDDLE_EFFECT_UNSAFE;
}

static char *
describe (JsonObject *values)
{
  return g_strdup (heddle_params_get_string (values, "path", NULL));
}

const HeddleNodeType heddle_node_type_write_file = {
  .id = "write-file",
  .version = 1,
  .title = N_ ("Write File"),
  .summary = N_ ("Writes a file to the disk."),
  .keywords = N_ ("save store disk document export append log json text"),
  .icon_name = "heddle-write-file-symbolic",
  .category = HEDDLE_CATEGORY_DATA,
  .effect = HEDDLE_EFFECT_UNSAFE,
  .inputs = inputs,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (Params),
  .results = results,
  .example = "{\"params\":{\"path\":\"report.md\",\"folder\":\"~/Documents\"},\"inputs\":{\"in\":\"# Report\"}}",
  .get_effect = get_effect,
  .describe = describe,
  .check = heddle_file_params_check,
  .run = run,
  .tool = "{\"description\":\"Writes a file in a folder.\"}",
};
