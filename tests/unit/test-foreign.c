/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "foreign/heddle-foreign.h"

#include <string.h>

#include "graph/heddle-graph.h"
#include "registry/heddle-problem.h"
#include "value/heddle-json.h"

/* Chat, a chain with its model and memory, an If on its answer, an HTTP Request with a key in it, and a node that nobody knows. */
static const char support[] =
  "{\"name\":\"Support\",\"nodes\":["
  "{\"name\":\"When chat message received\",\"type\":\"@n8n/n8n-nodes-langchain.chatTrigger\",\"position\":[0,0],\"parameters\":{}},"
  "{\"name\":\"Classify it\",\"type\":\"@n8n/n8n-nodes-langchain.chainLlm\",\"position\":[200,0],\"retryOnFail\":true,\"maxTries\":4,\"waitBetweenTries\":500,"
  " \"parameters\":{\"promptType\":\"define\",\"text\":\"=Is {{ $json.chatInput }} about money?\",\"messages\":{\"messageValues\":[{\"message\":\"Answer billing or other.\"}]}}},"
  "{\"name\":\"Model\",\"type\":\"@n8n/n8n-nodes-langchain.lmChatOpenAi\",\"position\":[200,200],\"parameters\":{\"model\":{\"__rl\":true,\"mode\":\"list\",\"value\":\"gpt-4o-mini\"},\"options\":{\"temperature\":0.3}},\"credentials\":{\"openAiApi\":{\"id\":\"x\",\"name\":\"my key\"}}},"
  "{\"name\":\"Billing?\",\"type\":\"n8n-nodes-base.if\",\"position\":[400,0],\"parameters\":{\"conditions\":{\"combinator\":\"and\",\"conditions\":[{\"leftValue\":\"={{ $json.text }}\",\"rightValue\":\"billing\",\"operator\":{\"type\":\"string\",\"operation\":\"equals\"}}]}}},"
  "{\"name\":\"Look up\",\"type\":\"n8n-nodes-base.httpRequest\",\"position\":[600,-100],\"onError\":\"continueErrorOutput\",\"parameters\":{\"method\":\"POST\",\"url\":\"=https://example.com/{{ $('When chat message received').item.json.chatInput }}\","
  "  \"sendHeaders\":true,\"headerParameters\":{\"parameters\":[{\"name\":\"Authorization\",\"value\":\"Bearer sk-canary-1234567890abcdef1234567890\"},{\"name\":\"Accept\",\"value\":\"text/plain {{x}}\"}]},\"sendBody\":true,\"jsonBody\":\"={\\\"q\\\": {{ $('Classify it').first().json.text }}}\"}},"
  "{\"name\":\"Tell\",\"type\":\"n8n-nodes-base.slack\",\"position\":[600,100],\"disabled\":true,\"parameters\":{\"channel\":\"#help\",\"apiKey\":\"sk-canary-99887766554433221100aabb\"}},"
  "{\"name\":\"Sticky\",\"type\":\"n8n-nodes-base.stickyNote\",\"position\":[0,300],\"parameters\":{\"content\":\"# Hello\"}}"
  "],\"connections\":{"
  "\"When chat message received\":{\"main\":[[{\"node\":\"Classify it\",\"type\":\"main\",\"index\":0}]]},"
  "\"Model\":{\"ai_languageModel\":[[{\"node\":\"Classify it\",\"type\":\"ai_languageModel\",\"index\":0}]]},"
  "\"Classify it\":{\"main\":[[{\"node\":\"Billing?\",\"type\":\"main\",\"index\":0}]]},"
  "\"Billing?\":{\"main\":[[{\"node\":\"Look up\",\"type\":\"main\",\"index\":0}],[{\"node\":\"Tell\",\"type\":\"main\",\"index\":0}]]}},"
  "\"pinData\":{}}";

static const char looping[] =
  "{\"nodes\":["
  "{\"name\":\"Start\",\"type\":\"n8n-nodes-base.manualTrigger\",\"position\":[0,0]},"
  "{\"name\":\"Each\",\"type\":\"n8n-nodes-base.splitInBatches\",\"position\":[200,0],\"parameters\":{}},"
  "{\"name\":\"Work\",\"type\":\"n8n-nodes-base.set\",\"position\":[400,200],\"parameters\":{\"assignments\":{\"assignments\":[{\"name\":\"a\",\"value\":\"={{ $json.b }}\"}]}}},"
  "{\"name\":\"After\",\"type\":\"n8n-nodes-base.noOp\",\"position\":[400,0]}"
  "],\"connections\":{\"Start\":{\"main\":[[{\"node\":\"Each\"}]]},\"Each\":{\"main\":[[{\"node\":\"After\"}],[{\"node\":\"Work\"}]]},\"Work\":{\"main\":[[{\"node\":\"Each\"}]]}}}";

static HeddleGraph *
import (const char *text, HeddleForeignWorkflow **foreign)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *ours = heddle_foreign_to_ours (text, -1, foreign, &error);
  HeddleGraph *graph;

  g_assert_no_error (error);
  graph = heddle_graph_new_from_json (ours, -1, &error);
  g_assert_no_error (error);
  return graph;
}

static const char *
get_text (HeddleGraph *graph, const char *id, const char *param)
{
  const HeddleNode *node = heddle_graph_find_node (graph, id);

  g_assert_nonnull (node);
  return json_object_get_string_member_with_default (node->params, param, NULL);
}

static void
test_nodes (void)
{
  g_autoptr (HeddleForeignWorkflow) foreign = NULL;
  g_autoptr (HeddleGraph) graph = import (support, &foreign);
  const HeddleNode *node;

  g_assert_cmpstr (foreign->tool, ==, "n8n");
  g_assert_cmpuint (foreign->n_placeholders, ==, 1);
  g_assert_cmpstr (heddle_graph_get_name (graph), ==, "Support");
  node = heddle_graph_find_node (graph, "classifyIt");
  g_assert_cmpstr (node->type_id, ==, "llm");
  g_assert_cmpstr (get_text (graph, "classifyIt", "model"), ==, "openai/gpt-4o-mini");
  g_assert_cmpfloat (json_object_get_double_member (node->params, "temperature"), ==, .3);
  g_assert_cmpint (json_object_get_int_member (node->policy, "max_attempts"), ==, 4);
  g_assert_cmpstr (get_text (graph, "classifyIt", "system"), ==, "Answer billing or other.");
  /* The model is a part of it, not a node. */
  g_assert_null (heddle_graph_find_node (graph, "model"));
  node = heddle_graph_find_node (graph, "tell");
  g_assert_null (node->type);
  g_assert_cmpint (node->mode, ==, HEDDLE_NODE_OFF);
  g_assert_cmpstr (json_object_get_string_member (node->params, "channel"), ==, "#help");
}

/* Names become ids, and the answer of a model is its output. */
static void
test_references (void)
{
  g_autoptr (HeddleForeignWorkflow) foreign = NULL;
  g_autoptr (HeddleGraph) graph = import (support, &foreign);

  g_assert_cmpstr (get_text (graph, "classifyIt", "prompt"), ==, "Is {{ $input.chatInput }} about money?");
  g_assert_cmpstr (get_text (graph, "billing", "condition"), ==, "$input === \"billing\"");
  g_assert_cmpstr (get_text (graph, "lookUp", "url"), ==, "https://example.com/{{ $whenChatMessageReceived.output.chatInput }}");
  g_assert_cmpstr (get_text (graph, "lookUp", "body"), ==, "{\"q\": {{ $classifyIt.output }}}");
}

static void
test_edges (void)
{
  g_autoptr (HeddleForeignWorkflow) foreign = NULL;
  g_autoptr (HeddleGraph) graph = import (support, &foreign);

  g_assert_nonnull (heddle_graph_find_edge (graph, "classifyIt", "out", "billing", "in"));
  g_assert_nonnull (heddle_graph_find_edge (graph, "billing", "true", "lookUp", "in"));
  g_assert_cmpuint (heddle_graph_get_in_edges (graph, "tell")->len, ==, 1);
  /* What led nowhere leads to an Output. */
  g_assert_cmpuint (heddle_graph_get_in_edges (graph, "output")->len, ==, 2);
}

/* A key stays behind, and what braces said there says nothing here. */
static void
test_secrets (void)
{
  g_autoptr (HeddleForeignWorkflow) foreign = NULL;
  g_autoptr (HeddleGraph) graph = import (support, &foreign);
  g_autofree char *json = heddle_graph_to_json (graph);

  g_assert_null (strstr (json, "sk-canary"));
  g_assert_null (strstr (json, "my key"));
  g_assert_nonnull (strstr (json, "text/plain \\\\{{x}}"));
  g_assert_true (g_ptr_array_find_with_equal_func (foreign->notes, "“Authorization” of “Look up” looks like a secret and was left out. Choose a credential.", g_str_equal, NULL));
}

static void
test_loop (void)
{
  g_autoptr (HeddleForeignWorkflow) foreign = NULL;
  g_autoptr (HeddleGraph) graph = import (looping, &foreign);
  g_autoptr (GPtrArray) problems = heddle_graph_validate (graph);

  g_assert_cmpstr (heddle_graph_find_node (graph, "work")->parent, ==, "each");
  g_assert_nonnull (heddle_graph_find_edge (graph, "each", "body", "work", "in"));
  g_assert_nonnull (heddle_graph_find_edge (graph, "work", "out", "each", "next"));
  g_assert_nonnull (heddle_graph_find_edge (graph, "each", "out", "after", "in"));
  g_assert_null (heddle_graph_find_node (graph, "after")->parent);
  for (guint i = 0; i < problems->len; i++)
    g_assert_cmpint (((HeddleProblem *) g_ptr_array_index (problems, i))->severity, !=, HEDDLE_SEVERITY_ERROR);
}

/* Each kind of condition, as n8n writes it and as it is here. */
/* Each lies on the way of the other's rounds: one is within the other, and not also around it. */
static void
test_crossed_loops (void)
{
  const char *text =
    "{\"nodes\":[{\"name\":\"A\",\"type\":\"n8n-nodes-base.splitInBatches\",\"position\":[0,0]},"
    "{\"name\":\"B\",\"type\":\"n8n-nodes-base.splitInBatches\",\"position\":[200,0]}],"
    "\"connections\":{\"A\":{\"main\":[[],[{\"node\":\"B\"}]]},\"B\":{\"main\":[[],[{\"node\":\"A\"}]]}}}";
  g_autoptr (HeddleForeignWorkflow) foreign = NULL;
  g_autofree char *ours = heddle_foreign_to_ours (text, -1, &foreign, NULL);
  g_autoptr (HeddleGraph) graph = heddle_graph_new_from_json (ours, -1, NULL);

  g_assert_null (heddle_graph_find_node (graph, "a")->parent);
  g_assert_cmpstr (heddle_graph_find_node (graph, "b")->parent, ==, "a");
}

static void
test_conditions (void)
{
  static const struct
  {
    const char *theirs, *ours;
  } conditions[] = {
    { "{\"combinator\":\"or\",\"conditions\":[{\"leftValue\":\"={{ $json.n }}\",\"rightValue\":5,\"operator\":{\"operation\":\"gt\"}},{\"leftValue\":\"={{ $json.s }}\",\"rightValue\":\"a\\\"b\",\"operator\":{\"operation\":\"notContains\"}}]}",
      "$input.n > 5 || !$input.s.includes(\"a\\\"b\")" },
    { "{\"number\":[{\"value1\":\"={{ $json.n }}\",\"value2\":3}],\"boolean\":[{\"value1\":\"={{ $json.b }}\",\"operation\":\"notEqual\",\"value2\":true}]}",
      "$input.n < 3 && $input.b != true" },
    { "{\"conditions\":[{\"leftValue\":\"=a {{ $json.x }} `b`\",\"rightValue\":\"\",\"operator\":{\"operation\":\"exists\"}}]}", "`a ${$input.x} \\`b\\`` != null" },
    { "{\"conditions\":[{\"leftValue\":\"={{ $input.all().length }}\",\"rightValue\":\"/^a/i\",\"operator\":{\"operation\":\"regex\"}}]}", "/^a/i.test([$input].length)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (conditions); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"nodes\":[{\"name\":\"A\",\"type\":\"n8n-nodes-base.if\",\"position\":[0,0],\"parameters\":{\"conditions\":%s}}],\"connections\":{}}", conditions[i].theirs);
      g_autoptr (HeddleForeignWorkflow) foreign = NULL;
      g_autoptr (HeddleGraph) graph = import (text, &foreign);

      g_assert_cmpstr (get_text (graph, "a", "condition"), ==, conditions[i].ours);
    }
}

/* Ours and anything else come back as they are; what is broken does not crash. */
static void
test_others (void)
{
  static const char *const texts[] = { "{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":[]}", "{}", "[", "null", "{\"nodes\":[],\"edges\":[]}", "{\"nodes\":[{\"position\":3}],\"connections\":{}}" };
  static const char *const broken[] = {
    "{\"nodes\":[],\"connections\":{}}",
    "{\"nodes\":[{\"name\":7,\"type\":\"x\",\"position\":[\"a\"]},null,{\"name\":\"B\",\"type\":\"n8n-nodes-base.switch\",\"position\":[1e300,null],\"parameters\":{\"rules\":{\"values\":[{},3]}}}],\"connections\":{\"B\":{\"main\":[[{\"node\":\"B\"}],null,3],\"ai_tool\":7},\"C\":[]}}",
    "{\"nodes\":[{\"name\":\"B\",\"type\":\"n8n-nodes-base.splitInBatches\",\"position\":[0,0]}],\"connections\":{\"B\":{\"main\":[[],[{\"node\":\"B\"}]]}}}",
    "{\"nodes\":[{\"name\":\"B\",\"type\":\"n8n-nodes-base.set\",\"position\":[0,0],\"parameters\":{\"assignments\":{\"assignments\":[{\"name\":null,\"value\":\"={{ $('B\"},5]}}}],\"connections\":{}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (HeddleForeignWorkflow) foreign = NULL;
      g_autofree char *ours = heddle_foreign_to_ours (texts[i], -1, &foreign, NULL);

      g_assert_null (foreign);
      g_assert_cmpstr (ours, ==, texts[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (HeddleForeignWorkflow) foreign = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *ours = heddle_foreign_to_ours (broken[i], -1, &foreign, &error);
      g_autoptr (HeddleGraph) graph = ours != NULL ? heddle_graph_new_from_json (ours, -1, &error) : NULL;

      g_assert_true (graph != NULL || error != NULL);
    }
}

/* What cannot be read is at least named; nothing hostile is taken for a tool. */
static void
test_strangers (void)
{
  static const struct
  {
    const char *text, *tool;
  } cases[] = {
    { "{\"nodes\":[{\"id\":\"a\",\"position\":{},\"data\":{\"inputParams\":[]}}],\"edges\":[]}", "Flowise" },
    { "{\"data\":{\"nodes\":[{\"data\":{\"node\":{\"template\":{}}}}],\"edges\":[]}}", "Langflow" },
    { "{\"3\":{\"class_type\":\"KSampler\",\"inputs\":{}}}", "ComfyUI" },
    { "app:\n  name: x\nkind: app\nworkflow:\n  graph: {}\n", "Dify" },
    { "[{\"id\":\"1\",\"wires\":[[]]}]", "Node-RED" },
    { "[{\"id\":\"t\",\"type\":\"tab\"},3,{\"id\":\"1\",\"wires\":[[]]}]", "Node-RED" },
    { "version: 4\ndata:\n  attachedData: {}\n  graphs: {}\n", "Rivet" },
    { "{\"StartAt\":\"A\",\"States\":{}}", "AWS Step Functions" },
    { "{\"format\":\"heddle-workflow\",\"version\":1,\"nodes\":[]}", NULL },
    { "{}", NULL },
    { "[]", NULL },
    { "[3]", NULL },
    { "{\"nodes\":3,\"edges\":null,\"data\":[]}", NULL },
    { "{\"a\":null}", NULL },
    { "", NULL },
    { "a sentence", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (heddle_foreign_name_stranger (cases[i].text), ==, cases[i].tool);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/foreign/n8n/nodes", test_nodes);
  g_test_add_func ("/foreign/n8n/references", test_references);
  g_test_add_func ("/foreign/n8n/edges", test_edges);
  g_test_add_func ("/foreign/n8n/secrets", test_secrets);
  g_test_add_func ("/foreign/n8n/loop", test_loop);
  g_test_add_func ("/foreign/n8n/crossed-loops", test_crossed_loops);
  g_test_add_func ("/foreign/n8n/conditions", test_conditions);
  g_test_add_func ("/foreign/others", test_others);
  g_test_add_func ("/foreign/strangers", test_strangers);
  return g_test_run ();
}
