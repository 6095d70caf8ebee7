/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "heddle-error.h"
#include "provider/heddle-demo.h"
#include "value/heddle-json.h"

static JsonNode *
messages (const char *system, const char *user)
{
  JsonArray *array = json_array_new ();
  const char *const texts[] = { system, user };
  const char *const roles[] = { "system", "user" };

  for (guint i = 0; i < 2; i++)
    {
      JsonObject *message;

      if (texts[i] == NULL)
        continue;
      message = json_object_new ();
      json_object_set_string_member (message, "role", roles[i]);
      json_object_set_string_member (message, "content", texts[i]);
      json_array_add_object_element (array, message);
    }
  return heddle_json_array (array);
}

static char *
ask (const char *system, const char *user)
{
  g_autoptr (JsonNode) list = messages (system, user);
  HeddleChatRequest request = { .model = HEDDLE_DEMO_MODEL, .messages = list, .temperature = -1 };
  g_autoptr (HeddleChatResponse) response = heddle_demo_answer (&request);
  g_autoptr (HeddleChatResponse) again = heddle_demo_answer (&request);

  g_assert_cmpstr (response->text, ==, again->text);
  g_assert_cmpint (response->usage.output, >, 0);
  g_assert_false (response->usage.estimated);
  return g_strdup (response->text);
}

typedef struct
{
  const char *system;
  const char *user;
  const char *answer;
} Question;

static const Question questions[] = {
  /* Support triage, said in many ways. */
  { "You route support messages. Answer with one word: billing or technical.", "I was charged twice", "billing" },
  { "You route support messages. Answer with one word: billing or technical.", "the app crashes on start", "technical" },
  { "Reply with one of: billing, technical, other", "My invoice shows the wrong VAT amount", "billing" },
  { "Reply with one of: billing, technical, other", "I can't connect to the server, it times out", "technical" },
  { "Reply with one of: billing, technical, other", "xyzzy plugh", "other" },
  { "Classify the ticket.\nCategories:\n- billing: money, invoices\n- technical: bugs and errors\n- shipping: parcels\n", "Where is my package?", "shipping" },
  { "Classify the ticket.\nCategories:\n- billing: money, invoices\n- technical: bugs and errors\n- shipping: parcels\n", "Error 500 when I press save", "technical" },
  { "Choose 1 label:\n1. Billing\n2. Technical\n", "please refund me", "Billing" },
  { NULL, "Classify this message as billing or technical: I was charged twice", "billing" },
  { NULL, "Classify this message as billing or technical: the app crashes on start", "technical" },
  { NULL, "Classify the following message as billing or technical. Reply with one word only.\n\nthe app crashes on start", "technical" },
  { NULL, "Answer with one word: billing or technical.\n\nMessage: I was charged twice", "billing" },
  { NULL, "Answer with one word: billing or technical.\n\nMessage: the app crashes on start", "technical" },
  { NULL, "the app crashes on start\n\nIs this billing or technical? Answer with one word.", "technical" },
  { "If the message is about money answer billing, otherwise answer technical.", "the app crashes on start", "technical" },
  { "If the message is about money answer billing, otherwise answer technical.", "You took 20 dollars from my card", "billing" },
  { "Return exactly one of these: \"BILLING\", \"TECH\".", "my payment failed twice and the invoice is wrong", "BILLING" },
  { "Output billing|technical|sales", "Can I get a quote for the enterprise plan?", "sales" },
  { "Classify as account/billing/technical.", "I forgot my password and cannot log in", "account" },
  { "Pick the department (finance, engineering, legal).", "My lawyer will look at the contract", "legal" },
  /* Other general matters. */
  { "Sentiment: positive, negative or neutral?", "This is the best thing I ever bought, I love it", "positive" },
  { "Sentiment: positive, negative or neutral?", "Not good at all. I am disappointed.", "negative" },
  { "Sentiment: positive, negative or neutral?", "The box is blue.", "neutral" },
  { "How urgent is it? Answer low, medium or high.", "Production is down, fix this immediately!", "high" },
  { "How urgent is it? Answer low, medium or high.", "A minor typo, whenever you have time", "low" },
  { "Which language is it? Answer with one of: English, German, French", "Ich habe das nicht gekauft und möchte es zurückgeben", "German" },
  { "Which language is it? Answer with one of: en, de, fr", "Je ne suis pas content avec le produit", "fr" },
  { "Is this message about shipping? Answer yes or no.", "When does my parcel arrive?", "yes" },
  { "Is this message about shipping? Answer yes or no.", "My password is wrong", "no" },
  { "Topic: one of sports, politics, weather", "The team scored a late goal and won the match", "sports" },
  { "Topic: one of sports, politics, weather", "Rain and storm are expected tonight", "weather" },
};

static void
test_classify (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      g_autofree char *answer = ask (questions[i].system, questions[i].user);

      if (strcmp (answer, questions[i].answer) != 0)
        g_test_message ("%s / %s", questions[i].system, questions[i].user);
      g_assert_cmpstr (answer, ==, questions[i].answer);
    }
}

static JsonNode *
extract (const char *schema_text, const char *text)
{
  g_autoptr (JsonNode) schema = heddle_json_parse (schema_text, -1, NULL);
  g_autoptr (JsonNode) list = messages ("Extract the fields.", text);
  HeddleChatRequest request = { .model = HEDDLE_DEMO_MODEL, .messages = list, .temperature = -1, .response_schema = schema };
  g_autoptr (HeddleChatResponse) response = heddle_demo_answer (&request);
  JsonNode *value;

  g_assert_nonnull (schema);
  value = heddle_json_parse (response->text, -1, NULL);
  g_assert_nonnull (value);
  return value;
}

static void
test_extract (void)
{
  g_autoptr (JsonNode) value = extract (
    "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},\"email\":{\"type\":\"string\",\"format\":\"email\"},"
    "\"order_number\":{\"type\":\"string\"},\"amount\":{\"type\":\"number\"},\"due_date\":{\"type\":\"string\"},"
    "\"category\":{\"type\":\"string\",\"enum\":[\"billing\",\"technical\"]},\"urgent\":{\"type\":\"boolean\"},"
    "\"city\":{\"type\":[\"string\",\"null\"]},\"items\":{\"type\":\"integer\"},\"emails\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}",
    "Hello, my name is Ada Lovelace (ada@example.org). I was charged $1,249.50 twice for order #A-1042 with 3 items on 2024-03-05. "
    "This is urgent!");

  g_assert_cmpstr (heddle_json_get_string (value, "name", ""), ==, "Ada Lovelace");
  g_assert_cmpstr (heddle_json_get_string (value, "email", ""), ==, "ada@example.org");
  g_assert_cmpstr (heddle_json_get_string (value, "order_number", ""), ==, "#A-1042");
  g_assert_cmpfloat (heddle_json_get_double (value, "amount", 0), ==, 1249.5);
  g_assert_cmpstr (heddle_json_get_string (value, "due_date", ""), ==, "2024-03-05");
  g_assert_cmpstr (heddle_json_get_string (value, "category", ""), ==, "billing");
  g_assert_true (heddle_json_get_boolean (value, "urgent", FALSE));
  g_assert_true (heddle_json_is_null (heddle_json_member (value, "city")));
  g_assert_cmpint (heddle_json_get_int (value, "items", 0), ==, 3);
  g_assert_cmpuint (json_array_get_length (heddle_json_get_array (value, "emails")), ==, 1);
}

static void
test_extract_labelled (void)
{
  g_autoptr (JsonNode) value = extract (
    "{\"type\":\"object\",\"properties\":{\"customerName\":{\"type\":\"string\"},\"city\":{\"type\":\"string\"},\"age\":{\"type\":\"integer\"},"
    "\"address\":{\"type\":\"object\",\"properties\":{\"street\":{\"type\":\"string\"}}},\"subscribed\":{\"type\":\"boolean\"},"
    "\"total\":{\"type\":\"number\"}}}",
    "Customer name: Grace Hopper\nCity: Arlington\nStreet: 1 Navy Road\nAge: 85\nSubscribed: yes\nTotal: € 1,280.50, due in May\n");

  g_assert_cmpstr (heddle_json_get_string (value, "customerName", ""), ==, "Grace Hopper");
  g_assert_cmpstr (heddle_json_get_string (value, "city", ""), ==, "Arlington");
  g_assert_cmpint (heddle_json_get_int (value, "age", 0), ==, 85);
  g_assert_cmpstr (heddle_json_get_string (heddle_json_member (value, "address"), "street", ""), ==, "1 Navy Road");
  g_assert_cmpfloat (heddle_json_get_double (value, "total", 0), ==, 1280.5);
  g_assert_true (heddle_json_get_boolean (value, "subscribed", FALSE));
}

static void
test_extract_by_prompt (void)
{
  g_autofree char *text = ask ("Return JSON like {\"email\": \"\", \"category\": \"billing|technical\"}", "The app crashes. Write to x@y.org");
  g_autoptr (JsonNode) value = heddle_json_parse (text, -1, NULL);
  g_autofree char *keys = ask ("Answer as JSON with the keys name and email.", "I am Alan Turing, alan@example.com");
  g_autoptr (JsonNode) by_keys = heddle_json_parse (keys, -1, NULL);

  g_assert_cmpstr (heddle_json_get_string (value, "email", ""), ==, "x@y.org");
  g_assert_cmpstr (heddle_json_get_string (value, "category", ""), ==, "technical");
  g_assert_cmpstr (heddle_json_get_string (by_keys, "name", ""), ==, "Alan Turing");
  g_assert_cmpstr (heddle_json_get_string (by_keys, "email", ""), ==, "alan@example.com");
}

static const char *const passages =
  "Context:\n[1] Printing guide\nTo print a page, press Ctrl+P. Colour needs a colour cartridge.\n\n"
  "[2] Start-up problems\nThe program keeps its settings in a cache. If it crashes when it starts, delete the cache folder and start it again. "
  "Reports are welcome.\n\n"
  "[3] Licence\nThe program is free software.\n\nQuestion: ";

static void
test_cite (void)
{
  g_autofree char *prompt = g_strconcat (passages, "The app crashes on start, what can I do?", NULL);
  g_autofree char *answer = ask ("Answer from the context and cite the passages.", prompt);

  g_assert_nonnull (strstr (answer, "delete the cache folder"));
  g_assert_nonnull (strstr (answer, "[2]"));
  g_assert_null (strstr (answer, "[3]"));
}

static void
test_answer_from_system (void)
{
  const char *system = "You answer billing questions. Be short. Refunds for double charges take three to five working days.";
  const char *cautious = "You are a support engineer. Answer from the passages and cite them. Say so when they do not cover the question.";
  g_autofree char *known = ask (system, "I was charged twice");
  g_autofree char *choice = ask (system, "Is it bad weather or good weather?");
  g_autofree char *orders = ask (cautious, "Context:\n<context>\n[1] Manual\nA crash at start usually means a damaged settings file.\n</context>\n\nthe app crashes on start");
  g_autofree char *uncovered = ask (cautious, "Context:\n<context>\n[1] Manual\nA crash at start usually means a damaged settings file.\n</context>\n\nbanana pancakes");

  g_assert_cmpstr (known, ==, "Refunds for double charges take three to five working days.");
  g_assert_cmpstr (choice, !=, "bad weather");
  g_assert_cmpstr (orders, ==, "A crash at start usually means a damaged settings file [1].");
  g_assert_cmpstr (uncovered, ==, "The passages do not cover this.");
}

static void
test_summarise (void)
{
  g_autofree char *answer = ask ("Summarise the text.", "Looms hold threads under tension. A heddle guides one thread. The heddle is the part of the loom that "
                                                        "lifts a thread. Weather was fine. Many heddles form a shaft of the loom. Somebody laughed. Lunch was late.");
  g_autofree char *introduction = ask (NULL, "Hello, who are you?");
  g_autofree char *empty = ask (NULL, "");

  g_assert_nonnull (strstr (answer, "heddle"));
  g_assert_null (strstr (answer, "Lunch"));
  g_assert_nonnull (strstr (introduction, "demo model"));
  g_assert_nonnull (strstr (empty, "demo model"));
}

static void
test_max_tokens (void)
{
  g_autoptr (JsonNode) list = messages (NULL, "One two three four five six seven. Eight nine ten eleven.");
  HeddleChatRequest request = { .model = HEDDLE_DEMO_MODEL, .messages = list, .max_tokens = 4 };
  g_autoptr (HeddleChatResponse) response = heddle_demo_answer (&request);

  g_assert_cmpstr (response->text, ==, "One two three four");
  g_assert_cmpstr (response->finish_reason, ==, "length");
  g_assert_cmpint (response->usage.output, ==, 4);
}

static void
test_tokens (void)
{
  g_assert_cmpint (heddle_demo_count_tokens (""), ==, 0);
  g_assert_cmpint (heddle_demo_count_tokens ("  \n "), ==, 0);
  g_assert_cmpint (heddle_demo_count_tokens ("Hi!"), ==, 2);
  g_assert_cmpint (heddle_demo_count_tokens ("understanding"), ==, 3);
  g_assert_cmpint (heddle_demo_count_tokens ("grüße, Welt"), ==, 3);
}

static double
similarity (const float *a, const float *b)
{
  double sum = 0;

  for (guint i = 0; i < HEDDLE_DEMO_DIMENSIONS; i++)
    sum += (double) a[i] * b[i];
  return sum;
}

static void
test_embedding (void)
{
  const char *const texts[] = { "the payment was charged twice", "I want a refund for this invoice", "the forest is full of birds", "", NULL };
  g_autoptr (HeddleEmbeddings) embeddings = heddle_demo_embed (texts);
  const float *v = embeddings->values;

  g_assert_cmpuint (embeddings->n_vectors, ==, 4);
  g_assert_cmpuint (embeddings->dimensions, ==, HEDDLE_DEMO_DIMENSIONS);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpfloat (fabs (similarity (v + i * HEDDLE_DEMO_DIMENSIONS, v + i * HEDDLE_DEMO_DIMENSIONS) - 1), <, 1e-5);
  g_assert_cmpfloat (similarity (v, v + HEDDLE_DEMO_DIMENSIONS), >, similarity (v, v + 2 * HEDDLE_DEMO_DIMENSIONS) + 0.1);
}

/* Nothing a person can paste makes it fail or take long. */
static void
test_hostile (void)
{
  static const char *const texts[] = { "((((((((((((((", "{\"a\":", "[1", "[99999999]", "one of: ,,,,, or or or", "- \n- \n-", "Answer with one word:",
                                       "\"\" \"\" one of \"\"", "*+?{}[]()^$\\|", "日本語のテキスト。もう一つの文。", "{{ $input }}", "a/b/c/d/e/f or g" };
  GString *large = g_string_new (NULL);
  gint64 started = g_get_monotonic_time ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *as_user = ask (NULL, texts[i]);
      g_autofree char *as_system = ask (texts[i], "text");
      g_autofree char *json = ask ("Return JSON with keys a and b.", texts[i]);

      g_assert_true (g_utf8_validate (as_user, -1, NULL));
      g_assert_true (g_utf8_validate (as_system, -1, NULL));
      g_assert_nonnull (json);
    }
  for (guint i = 0; i < 300; i++)
    g_string_append_printf (large, "Sentence %u speaks of (topic a or b), \"quotes\" and one of the things. ", i);
  g_free (ask ("Answer with one word: billing or technical.", large->str));
  g_free (ask (NULL, large->str));
  g_assert_cmpint (g_get_monotonic_time () - started, <, 60 * G_USEC_PER_SEC);
  g_string_free (large, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/demo/classify", test_classify);
  g_test_add_func ("/demo/extract", test_extract);
  g_test_add_func ("/demo/extract-labelled", test_extract_labelled);
  g_test_add_func ("/demo/extract-by-prompt", test_extract_by_prompt);
  g_test_add_func ("/demo/cite", test_cite);
  g_test_add_func ("/demo/answer-from-system", test_answer_from_system);
  g_test_add_func ("/demo/summarise", test_summarise);
  g_test_add_func ("/demo/max-tokens", test_max_tokens);
  g_test_add_func ("/demo/tokens", test_tokens);
  g_test_add_func ("/demo/embedding", test_embedding);
  g_test_add_func ("/demo/hostile", test_hostile);
  return g_test_run ();
}
