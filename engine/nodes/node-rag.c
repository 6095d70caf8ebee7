/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "heddle-error.h"
#include "knowledge/heddle-knowledge.h"
#include "provider/heddle-models.h"
#include "registry/heddle-node-type.h"
#include "run/heddle-effects.h"
#include "run/heddle-node-run.h"
#include "value/heddle-json.h"
#include "value/heddle-text.h"

#include <string.h>

typedef struct
{
  char *operation;
  char *knowledge;
  char *query;
  gint64 top_k;
  char *mode;
  char *title;
  char *text;
  char *mime;
} Params;

static const HeddlePortSpec inputs[] = {
  { "in", N_ ("Input"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddlePortSpec outputs[] = {
  { "out", N_ ("Passages"), HEDDLE_VALUE_ANY },
  { NULL },
};

static const HeddleChoice operations[] = {
  { "search", N_ ("Search") },
  { "insert", N_ ("Insert") },
  { NULL },
};

static const HeddleChoice modes[] = {
  { "auto", N_ ("By meaning and keywords") },
  { "keywords", N_ ("By keywords") },
  { "vectors", N_ ("By meaning") },
  { NULL },
};

static const HeddleChoice mimes[] = {
  { "text/plain", N_ ("Plain text") },
  { "text/markdown", N_ ("Markdown") },
  { "text/html", N_ ("HTML") },
  { NULL },
};

static const HeddleParamSpec params[] = {
  HEDDLE_CHOICE (Params, operation, N_ ("Operation"), .choices = operations, .def.s = "search"),
  HEDDLE_KNOWLEDGE_BASE (Params, knowledge, N_ ("Knowledge base"), .help = N_ ("Where the documents are."), .required = TRUE),
  HEDDLE_TEXT (Params, query, N_ ("Query"), .help = N_ ("What to look for, in words or as a question."), .placeholder = N_ ("{{ $start.message }}"), .def.s = "{{ $input }}", .visible_if = "operation=search", .is_template = TRUE, .required = TRUE, .is_main = TRUE),
  HEDDLE_INT (Params, top_k, N_ ("Passages"), .help = N_ ("How many passages are returned at most."), .def.i = 5, .min = 1, .max = 100, .step = 1, .visible_if = "operation=search"),
  HEDDLE_CHOICE (Params, mode, N_ ("Search"), .help = N_ ("By meaning needs a knowledge base with an embedding model; without one, keywords are searched."), .choices = modes, .def.s = "auto", .visible_if = "operation=search", .advanced = TRUE),
  HEDDLE_STRING (Params, title, N_ ("Title"), .help = N_ ("A document of the same title is replaced."), .placeholder = N_ ("Notes of {{ $now }}"), .visible_if = "operation=insert", .is_template = TRUE, .required = TRUE),
  HEDDLE_TEXT (Params, text, N_ ("Text"), .help = N_ ("What to keep in the knowledge base."), .def.s = "{{ $input }}", .visible_if = "operation=insert", .is_template = TRUE, .required = TRUE),
  HEDDLE_CHOICE (Params, mime, N_ ("Format"), .help = N_ ("Headings of Markdown and HTML are used to cut the text."), .choices = mimes, .def.s = "text/plain", .visible_if = "operation=insert", .advanced = TRUE),
  { NULL },
};

static const HeddleResultKey results[] = {
  { "results", N_ ("Passages with scores"), HEDDLE_VALUE_LIST },
  { "citations", N_ ("Where the passages are from"), HEDDLE_VALUE_LIST },
  { "mode", N_ ("How was searched"), HEDDLE_VALUE_TEXT },
  { NULL },
};

/* One call that is under way. */
typedef struct
{
  HeddleNodeRun *run;
  JsonNode *effect;  /* what is asked, for the record */
  guint64 retrieval; /* spans */
  guint64 embedding;
  char *embedding_model; /* or NULL, before it was asked */
} Call;

/* Takes effect. */
static Call *
call_new (HeddleNodeRun *run, JsonNode *effect)
{
  Call *call = g_new0 (Call, 1);

  call->run = heddle_node_run_ref (run);
  call->effect = effect;
  return call;
}

static void
call_free (Call *call)
{
  heddle_node_run_unref (call->run);
  json_node_unref (call->effect);
  g_free (call->embedding_model);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

static HeddleSearchMode
parse_mode (const char *mode)
{
  if (g_strcmp0 (mode, "keywords") == 0)
    return HEDDLE_SEARCH_KEYWORDS;
  return g_strcmp0 (mode, "vectors") == 0 ? HEDDLE_SEARCH_VECTORS : HEDDLE_SEARCH_AUTO;
}

static const char *
mode_to_string (HeddleSearchMode mode)
{
  switch (mode)
    {
    case HEDDLE_SEARCH_KEYWORDS:
      return "keywords";
    case HEDDLE_SEARCH_VECTORS:
      return "vectors";
    case HEDDLE_SEARCH_AUTO:
    default:
      return "fused";
    }
}

/* "[1] Title > Heading (p. 3)"; a document whose first heading is its title names it once. */
static char *
cite (JsonNode *passage, guint number)
{
  g_autoptr (GString) citation = g_string_new (NULL);
  const char *title = heddle_json_get_string (passage, "title", "");
  const char *heading = heddle_json_get_string (passage, "heading", "");
  gint64 page = heddle_json_get_int (passage, "page", 0);
  gsize n = strlen (title);
  gboolean repeats = g_str_has_prefix (heading, title) && (heading[n] == '\0' || g_str_has_prefix (heading + n, " > "));

  g_string_append_printf (citation, "[%u] %s", number, repeats ? heading : title);
  if (!repeats && *heading != '\0')
    g_string_append_printf (citation, " > %s", heading);
  if (page > 0)
    g_string_append_printf (citation, " (p. %" G_GINT64_FORMAT ")", page);
  return g_string_free (g_steal_pointer (&citation), FALSE);
}

static JsonNode *
passage_to_json (const HeddlePassage *passage, guint number)
{
  JsonObject *object = json_object_new ();

  json_object_set_member (object, "n", heddle_json_int (number));
  json_object_set_member (object, "title", heddle_json_string (passage->title));
  json_object_set_member (object, "source", heddle_json_string (passage->source));
  json_object_set_member (object, "heading", heddle_json_string (passage->heading));
  json_object_set_member (object, "page", passage->page > 0 ? heddle_json_int (passage->page) : heddle_json_null ());
  json_object_set_member (object, "text", heddle_json_string (passage->text));
  json_object_set_member (object, "score", heddle_json_double (passage->score));
  json_object_set_member (object, "keyword_score", heddle_json_double (passage->keyword_score));
  json_object_set_member (object, "vector_score", heddle_json_double (passage->vector_score));
  json_object_set_member (object, "document", heddle_json_int (passage->document));
  json_object_set_member (object, "chunk", heddle_json_int (passage->chunk));
  json_object_set_member (object, "start", heddle_json_int (passage->start));
  json_object_set_member (object, "end", heddle_json_int (passage->end));
  return heddle_json_object (object);
}

/* {"results","mode"} */
static JsonNode *
make_findings (GPtrArray *passages, const char *mode)
{
  JsonObject *findings = json_object_new ();
  JsonArray *found = json_array_new ();

  for (guint i = 0; i < passages->len; i++)
    json_array_add_element (found, passage_to_json (g_ptr_array_index (passages, i), i + 1));
  json_object_set_member (findings, "results", heddle_json_array (found));
  json_object_set_member (findings, "mode", heddle_json_string (mode));
  return heddle_json_object (findings);
}

/* Reports what was found, now or in the recorded run. */
static void
complete_search (Call *call, JsonNode *findings)
{
  g_autoptr (GString) context = g_string_new (NULL);
  JsonArray *found = heddle_json_get_array (findings, "results");
  JsonArray *citations = json_array_new ();

  for (guint i = 0; found != NULL && i < json_array_get_length (found); i++)
    {
      JsonNode *passage = json_array_get_element (found, i);
      g_autofree char *citation = cite (passage, i + 1);

      g_string_append_printf (context, "%s%s\n%s", i > 0 ? "\n\n" : "", citation, heddle_json_get_string (passage, "text", ""));
      json_array_add_element (citations, heddle_json_string (citation));
    }
  heddle_node_run_end_span (call->run, call->retrieval, json_node_ref (findings), NULL);
  heddle_node_run_set_result (call->run, "results", found != NULL ? json_node_ref (heddle_json_member (findings, "results")) : heddle_json_array (json_array_new ()));
  heddle_node_run_set_result (call->run, "citations", heddle_json_array (citations));
  heddle_node_run_set_result (call->run, "mode", heddle_json_string (heddle_json_get_string (findings, "mode", "")));
  heddle_node_run_complete (call->run, heddle_json_string (context->str));
}

/* Takes error. */
static void
end_search (Call *call, JsonNode *findings, GError *error)
{
  if (findings != NULL)
    {
      complete_search (call, findings);
      return;
    }
  heddle_node_run_end_span (call->run, call->retrieval, NULL, error);
  heddle_node_run_fail (call->run, error);
}

static void
search_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  GError *error = NULL;
  g_autoptr (GPtrArray) passages = heddle_knowledge_search_finish (HEDDLE_KNOWLEDGE (source), result, &error);
  g_autoptr (JsonNode) findings = NULL;

  if (passages != NULL)
    findings = make_findings (passages, mode_to_string (heddle_knowledge_search_get_mode (result)));
  heddle_node_run_record_effect (call->run, "retrieval", call->effect, findings, error);
  end_search (call, findings, error);
}

static void
embedding_begin_cb (const char *model, gpointer user_data)
{
  Call *call = user_data;
  JsonObject *attributes = json_object_new ();

  json_object_set_member (attributes, "model", heddle_json_string (model));
  g_free (call->embedding_model);
  call->embedding_model = g_strdup (model);
  call->embedding = heddle_node_run_begin_span (call->run, "embedding", model, call->retrieval, heddle_json_object (attributes));
}

static JsonNode *
embedding_usage (Call *call, gint64 input_tokens)
{
  HeddleModels *models = heddle_node_run_get_models (call->run);
  HeddleUsage usage = HEDDLE_USAGE_UNKNOWN;

  usage.input = input_tokens;
  usage.output = 0;
  if (models != NULL)
    heddle_models_apply_price (models, call->embedding_model, &usage);
  return heddle_usage_to_json (&usage);
}

static void
embedding_end_cb (gint64 input_tokens, const GError *error, gpointer user_data)
{
  Call *call = user_data;
  JsonObject *attributes = json_object_new ();

  if (input_tokens >= 0)
    json_object_set_member (attributes, "usage", embedding_usage (call, input_tokens));
  heddle_node_run_end_span (call->run, call->embedding, heddle_json_object (attributes), error);
}

static JsonNode *
search_attributes (const Params *p)
{
  JsonObject *attributes = json_object_new ();

  json_object_set_member (attributes, "knowledge", heddle_json_string (p->knowledge));
  json_object_set_member (attributes, "query", heddle_json_string (p->query));
  json_object_set_member (attributes, "top_k", heddle_json_int (p->top_k));
  return heddle_json_object (attributes);
}

/* All that decides what comes of it. */
static JsonNode *
make_effect (const Params *p)
{
  JsonObject *effect = json_object_new ();

  json_object_set_member (effect, "operation", heddle_json_string (p->operation));
  json_object_set_member (effect, "knowledge", heddle_json_string (p->knowledge));
  if (g_strcmp0 (p->operation, "insert") == 0)
    {
      json_object_set_member (effect, "title", heddle_json_string (p->title));
      json_object_set_member (effect, "mime", heddle_json_string (p->mime));
      json_object_set_member (effect, "text", heddle_json_string (p->text));
      return heddle_json_object (effect);
    }
  json_object_set_member (effect, "query", heddle_json_string (p->query));
  json_object_set_member (effect, "top_k", heddle_json_int (p->top_k));
  json_object_set_member (effect, "mode", heddle_json_string (p->mode));
  return heddle_json_object (effect);
}

static void
run_search (HeddleNodeRun *run, HeddleKnowledge *knowledge, const Params *p)
{
  static const HeddleSearchObserver observer = { embedding_begin_cb, embedding_end_cb };
  Call *call = call_new (run, make_effect (p));
  g_autoptr (JsonNode) findings = NULL;
  GError *error = NULL;

  call->retrieval = heddle_node_run_begin_span (run, "retrieval", p->knowledge, 0, search_attributes (p));
  if (heddle_node_run_replay_effect (run, "retrieval", call->effect, &findings, &error))
    {
      end_search (call, findings, error);
      call_free (call);
      return;
    }
  heddle_knowledge_search_observed_async (knowledge, p->knowledge, p->query, parse_mode (p->mode), p->top_k, &observer,
                                          call, heddle_node_run_get_cancellable (run), search_cb, call);
}

static JsonNode *
make_output (gint64 document, guint n_chunks)
{
  JsonObject *output = json_object_new ();

  json_object_set_member (output, "document", heddle_json_int (document));
  json_object_set_member (output, "chunks", heddle_json_int (n_chunks));
  return heddle_json_object (output);
}

/* Takes both. */
static void
end_insert (HeddleNodeRun *run, JsonNode *output, GError *error)
{
  if (output != NULL)
    heddle_node_run_complete (run, output);
  else
    heddle_node_run_fail (run, error);
}

static void
insert_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  GError *error = NULL;
  guint n_chunks;
  gint64 document = heddle_knowledge_add_text_finish (HEDDLE_KNOWLEDGE (source), result, &n_chunks, &error);
  JsonNode *output = document != 0 ? make_output (document, n_chunks) : NULL;

  heddle_node_run_record_effect (call->run, "retrieval", call->effect, output, error);
  end_insert (call->run, output, error);
}

static void
run_insert (HeddleNodeRun *run, HeddleKnowledge *knowledge, const Params *p)
{
  g_autoptr (JsonNode) effect = make_effect (p);
  JsonNode *output;
  GError *error = NULL;

  if (heddle_node_run_replay_effect (run, "retrieval", effect, &output, &error))
    end_insert (run, output, error);
  else
    heddle_knowledge_add_text_async (knowledge, p->knowledge, p->title, NULL, p->mime, p->text,
                                     heddle_node_run_get_cancellable (run), insert_cb, call_new (run, g_steal_pointer (&effect)));
}

/* What is wrong with the values, now that they are known; NULL: nothing. */
static const char *
find_mistake (HeddleKnowledge *knowledge, const Params *p, gboolean is_insert)
{
  if (knowledge == NULL)
    return _ ("There are no knowledge bases without a database. Run the workflow with one.");
  if (heddle_text_is_blank (p->knowledge))
    return _ ("No knowledge base is chosen. Choose one.");
  if (!is_insert && heddle_text_is_blank (p->query))
    return _ ("The query is empty, so there is nothing to look for. Write one, or connect an input.");
  if (is_insert && heddle_text_is_blank (p->title))
    return _ ("The title is empty. Give the document one, so that it can be replaced and cited.");
  if (is_insert && heddle_text_is_blank (p->text))
    return _ ("The text is empty, so there is nothing to insert. Write some, or connect an input.");
  return NULL;
}

static void
run (HeddleNodeRun *node_run, gconstpointer data)
{
  const Params *p = data;
  HeddleKnowledge *knowledge = heddle_node_run_get_knowledge (node_run);
  gboolean is_insert = g_strcmp0 (p->operation, "insert") == 0;
  const char *mistake = find_mistake (knowledge, p, is_insert);

  if (mistake != NULL)
    heddle_node_run_fail (node_run, g_error_new_literal (HEDDLE_ERROR, HEDDLE_ERROR_INVALID, mistake));
  else if (is_insert)
    run_insert (node_run, knowledge, p);
  else
    run_search (node_run, knowledge, p);
}

static char *
describe (JsonObject *values)
{
  const char *knowledge = heddle_params_get_string (values, "knowledge", NULL);
  gboolean is_insert = g_strcmp0 (heddle_params_get_string (values, "operation", "search"), "insert") == 0;

  if (knowledge == NULL || *knowledge == '\0')
    return NULL;
  return g_strdup_printf (is_insert ? _ ("Insert into “%s”") : _ ("Search “%s”"), knowledge);
}

const HeddleNodeType heddle_node_type_rag = {
  .id = "rag",
  .version = 1,
  .title = N_ ("RAG"),
  .summary = N_ ("Finds passages in a knowledge base, with where they are from, or adds a document to it."),
  .keywords = N_ ("rag retrieval search documents vector embedding context citation knowledge base insert"),
  .icon_name = "heddle-rag-symbolic",
  .category = HEDDLE_CATEGORY_DATA,
  .effect = HEDDLE_EFFECT_IDEMPOTENT,
  .inputs = inputs,
  .outputs = outputs,
  .params = params,
  .params_size = sizeof (Params),
  .results = results,
  .main_alias = "context",
  .example = "{\"params\":{\"operation\":\"insert\",\"knowledge\":\"Demo\",\"title\":\"Loom\"},"
             "\"inputs\":{\"in\":\"The heddle lifts the warp.\"},\"outputs\":{\"out\":{\"document\":1,\"chunks\":1}}}",
  .describe = describe,
  .run = run,
  .tool = "{\"description\":\"Searches documents and returns the passages that fit best.\",\"parameters\":{\"type\":\"object\",\"properties\":{"
          "\"query\":{\"type\":\"string\",\"description\":\"What to look for, in words or as a question\"}},\"required\":[\"query\"]}}",
};
